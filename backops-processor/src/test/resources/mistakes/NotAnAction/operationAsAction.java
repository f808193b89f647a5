package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.Instant;

@Operation(value = "shop", actions = { // ecj error: NotAnAction
Charge.class // javac error: NotAnAction
})
interface Shop { record Params(long id, Instant dueAt) {} }

@Operation("charge")
class Charge { @Step void call() {} }
