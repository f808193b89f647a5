package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple
    record Params(Money price) {} // javac error: NotSimple
    @Step void charge(Money price) {}
}

final class Money {

    private final long cents;

    private Money(long cents) {
        this.cents = cents;
    }

    static Money of(String text) {
        return new Money(Long.parseLong(text));
    }

    @Override
    public String toString() {
        return Long.toString(cents);
    }
}
