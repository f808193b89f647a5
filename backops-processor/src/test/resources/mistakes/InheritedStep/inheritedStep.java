package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

class Base { @Step void charge() {} }
@Operation("fulfillment")
class Fulfillment extends Base { // error: InheritedStep
    @Step void archive() {}
}
