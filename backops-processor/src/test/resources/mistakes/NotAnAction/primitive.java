package demo;

import dev.backops.annotation.Operation;
import java.time.Instant;

@Operation(value = "shop", actions = { // ecj error: NotAnAction
int.class // javac error: NotAnAction
})
interface Shop { record Params(long id, Instant dueAt) {} }
