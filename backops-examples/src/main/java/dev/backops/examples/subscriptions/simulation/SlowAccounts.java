package dev.backops.examples.subscriptions.simulation;

import dev.backops.examples.subscriptions.Accounts;
import dev.backops.examples.subscriptions.Plan;
import java.time.Duration;
import java.time.LocalDate;

/** Accounts that take their time and always work out. */
public final class SlowAccounts implements Accounts {

    private static final Duration OPENING_TIME = Duration.ofMillis(40);
    private static final Duration NOTING_TIME = Duration.ofMillis(15);

    @Override
    public String open(long subscriptionId, String email, Plan plan) {
        Latency.simulate(OPENING_TIME, email);
        return "%s-%06d".formatted(plan.name().charAt(0), subscriptionId);
    }

    @Override
    public void remind(String accountNumber, LocalDate day) {
        Latency.simulate(NOTING_TIME, accountNumber);
    }
}
