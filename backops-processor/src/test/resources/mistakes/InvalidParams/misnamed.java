package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment { // ecj error: InvalidParams
    record Parameters(long id, String email) {} // javac error: InvalidParams
    @Step void charge(long id) {}
    @Step void send(long id, String email) {}
}
