package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("shop")
class Shop {
    record Params(long id) {}
    @Step
    void charge(long id, ShopOperation operation) { // error: UnknownParameter
        operation.enqueue(id);
    }
}

class User {
    ShopOperation operation;

    void use(ShopContext context) {
        operation.enqueue(context.id());
        ShopStep.CHARGE.stepName();
    }
}
