package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("shop")
class Shop { // ecj error: NotSimple
    record Params(long id, ShopOperation next) {} // javac error: NotSimple
    @Step
    void charge(long id) {}
}
