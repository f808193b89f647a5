package dev.backops.examples.quickstart;

import dev.backops.BackOps;
import dev.backops.Enqueued;
import dev.backops.Status;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import dev.backops.embedded.EmbeddedDatabase;
import java.time.Duration;

/** Welcomes a new customer with a coupon. */
@Operation("customers.welcome")
public class Welcome {

    public record Params(long customerId, String email) {}

    @Step(output = "coupon")
    String createCoupon(long customerId) {
        return "WELCOME-" + customerId;
    }

    @Step
    void sendMail(String email, String coupon) {
        System.out.println("Mail to " + email + ": your coupon is " + coupon);
    }

    public static void main(String[] args) throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.temporary().start();
                BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            backOps.register(WelcomeOperation.steps(new Welcome()));
            backOps.start();

            Enqueued one = WelcomeOperation.on(backOps).enqueue(42L, "ada@example.com");
            Status status = backOps.await(one.id(), Duration.ofSeconds(30));
            System.out.println("Operation " + one.id() + " is " + status.sql());
        }
    }
}
