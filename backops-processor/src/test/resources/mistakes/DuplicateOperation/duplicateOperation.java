package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class First { @Step void charge() {} }

@Operation("fulfillment") // error: DuplicateOperation
class Second { @Step void charge() {} }
