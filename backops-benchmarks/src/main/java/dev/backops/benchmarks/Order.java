package dev.backops.benchmarks;

import dev.backops.annotation.Indexed;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

/** What {@code docs/sql.md} asks about: an order that is charged, shipped and thanked for. It is looked at, never run. */
@Operation("orders.order")
class Order {

    record Params(@Indexed long number, String customer) {}

    @Step(output = "receipt")
    String charge(long number) {
        return "r" + number;
    }

    @Step
    void ship(String receipt) {}

    @Step
    void thank(String customer) {}
}
