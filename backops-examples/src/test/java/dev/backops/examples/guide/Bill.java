package dev.backops.examples.guide;

import dev.backops.StepRun;
import dev.backops.annotation.Indexed;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.YearMonth;

@Operation(
        value = "billing.bill",
        key = {"customerId", "month"},
        queue = "billing")
class Bill {

    record Params(@Indexed long customerId, YearMonth month) {}

    private final Shop shop;

    Bill(Shop shop) {
        this.shop = shop;
    }

    @Step
    void sendPages(long customerId, YearMonth month, StepRun run) {
        for (int page = 1; page <= 3; page++) {
            if (run.cancelled()) {
                throw new IllegalStateException("Stopped before page " + page);
            }
            shop.mail(customerId, month + ", page " + page);
            run.progress("page " + page + " of 3");
        }
    }
}
