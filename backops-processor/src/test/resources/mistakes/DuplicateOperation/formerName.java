package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { @Step void charge() {} }

@Operation(
        value = "orders",
        formerly = "fulfillment") // error: DuplicateOperation
class Orders { @Step void send() {} }
