package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple
    record Params(Money price) {} // javac error: NotSimple
    @Step void charge(Money price) {}
}

record Money(long cents, String currency) {

    static Money of(String text) {
        return new Money(Long.parseLong(text.substring(3)), text.substring(0, 3));
    }
}
