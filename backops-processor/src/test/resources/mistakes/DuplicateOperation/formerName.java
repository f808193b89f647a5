package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { @Step void charge() {} }

@Operation( // ecj error: DuplicateOperation
        value = "orders",
        formerly = "fulfillment") // javac error: DuplicateOperation
class Orders { @Step void send() {} }
