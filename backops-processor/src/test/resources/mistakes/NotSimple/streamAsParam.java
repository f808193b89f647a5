package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.stream.LongStream;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple
    record Params(LongStream ids) {} // javac error: NotSimple
    @Step void charge(LongStream ids) {}
}
