package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.*;

@Operation("fulfillment")
class Fulfillment { // ecj error: PrivateType // ecj error: PrivateType
    private enum Plan { RED, BLUE }
    record Params(Plan plan, List<Plan> plans) {} // javac error: PrivateType // javac error: PrivateType
    @Step void charge(Plan plan) {}
}
