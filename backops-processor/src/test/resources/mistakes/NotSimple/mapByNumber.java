package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.Map;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple
    record Params(
        Map<Long, String> names) {} // javac error: NotSimple
    @Step void charge() {}
}
