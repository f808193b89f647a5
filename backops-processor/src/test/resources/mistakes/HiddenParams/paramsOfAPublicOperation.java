package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.*;

@Operation("fulfillment")
public class Fulfillment { // ecj error: HiddenParams // ecj error: HiddenParams // ecj error: HiddenParams
    record CustomerId(long value) {}
    public enum Plan { RED }
    record Params( // javac error: HiddenParams
        long id,
        CustomerId customerId, // javac error: HiddenParams
        Plan plan,
        Optional<Set<Tariff>> tariffs) {} // javac error: HiddenParams
    enum Tariff { FLAT }
    @Step void charge() {}
}
