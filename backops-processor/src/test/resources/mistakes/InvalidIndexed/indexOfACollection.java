package demo;

import dev.backops.annotation.Indexed;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.*;

@Operation("fulfillment")
class Fulfillment { // ecj error: InvalidIndexed
    record Params(@Indexed List<String> it) {} // javac error: InvalidIndexed
    @Step void charge() {}
}
