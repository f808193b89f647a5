package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    @Step
    void charge(org.jdbi.v3.core.Handle a, org.jdbi.v3.core.Handle b) {} // error: TwoTransactions
}
