package demo;

import dev.backops.BackOps;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple // ecj error: NotSimple // ecj error: NotSimple // ecj error: NotSimple
    static class Customer { String name; }
    record Params(
        Customer customer, // javac error: NotSimple
        @Nullable Runnable callback, // javac error: NotSimple
        Optional<List<Object>> extras, // javac error: NotSimple
        long[] ids, // javac error: NotSimple
        String plan) {}

    @Step(output = "paid") // error: NotSimple
    Customer charge(FulfillmentContext context) {
        return context.ids().length > 0 && context.plan().isEmpty() ? context.customer() : context.paid().orElseThrow();
    }

    @Step
    void send(Customer customer, Customer paid) {}
}

class User {
    void use(BackOps backOps, Fulfillment.Customer customer) {
        FulfillmentOperation operation = FulfillmentOperation.on(backOps);
        operation.enqueue(customer, null, Optional.empty(), new long[0], "");
        operation.with().customer(customer).ids(new long[0]).plan("").callback(() -> {}).enqueue();
        operation.find().plan("").list().forEach(found -> found.context().customer().name.trim());
    }
}
