package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.Date;

@Operation("fulfillment")
class Fulfillment { // ecj error: NotSimple
    record Params(
        Date renewsAt) {} // javac error: NotSimple
    @Step void charge() {}
}
