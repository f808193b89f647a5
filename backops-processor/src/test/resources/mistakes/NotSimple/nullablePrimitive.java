package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import org.jspecify.annotations.Nullable;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple
    record Params(@Nullable long couponId) {} // javac error: NotSimple
    @Step void charge(long couponId) {}
}
