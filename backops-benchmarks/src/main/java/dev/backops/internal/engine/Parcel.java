package dev.backops.internal.engine;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** An operation with params of usual kinds and number. It is measured, never run. */
@Operation("benchmarks.parcel")
class Parcel {

    enum Service {
        STANDARD,
        EXPRESS
    }

    record Params(
            long number, UUID customer, Service service, BigDecimal weight, Instant promised, List<String> items) {}

    @Step(output = "label")
    String label(long number) {
        return "label-" + number;
    }

    @Step
    void collect(String label, Instant promised) {}

    @Step
    void deliver(String label, UUID customer) {}
}
