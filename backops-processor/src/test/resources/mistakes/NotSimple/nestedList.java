package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.List;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple
    record Params(
        List<List<String>> rows) {} // javac error: NotSimple
    @Step void charge() {}
}
