package dev.backops.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.Ahead;
import dev.backops.BackOps;
import dev.backops.FailureGroup;
import dev.backops.FailureInfo;
import dev.backops.OperationInfo;
import dev.backops.Operations;
import dev.backops.RepairRefusedException;
import dev.backops.RepairReport;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.StepAbortedException;
import dev.backops.StepCount;
import dev.backops.StepInfo;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LookingTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    /** Opens no account while it is down. */
    private static final class Failing extends Shop {
        volatile boolean down = true;

        @Override
        long openAccount(String plan) {
            if (down) {
                throw new StepAbortedException("Accounts are down");
            }
            return super.openAccount(plan);
        }
    }

    private final Failing shop = new Failing();

    @Test
    void looking_findsWhatFailed() throws Exception {
        try (BackOps backOps = start()) {
            FulfillmentOperation fulfillments = FulfillmentOperation.on(backOps);
            long id = failed(backOps, 42);
            failed(backOps, 43);
            Instant yesterday = Instant.now().minus(1, ChronoUnit.DAYS);

            OperationInfo<FulfillmentContext> found =
                    fulfillments.find().subscriptionId(42).first().orElseThrow();
            found.status(); // FAILED
            found.step(); // openAccount
            found.errorMessage(); // Accounts are down
            found.context().plan(); // gold
            found.context().transactionId(); // an Optional: the step that sets it may be still to come

            Search search = Search.of(Status.FAILED)
                    .step("openAccount")
                    .createdFrom(yesterday)
                    .limit(50);
            List<OperationInfo<FulfillmentContext>> page =
                    fulfillments.find(search).list();
            page = fulfillments.find(search.before(page.get(page.size() - 1))).list(); // the next page
            assertThat(page).isEmpty();

            List<StepInfo> steps = backOps.operations().steps(id);
            List<FailureInfo> failures = backOps.operations().failures(id);

            List<StepCount> counts = backOps.operations().counts();
            List<FailureGroup> groups = backOps.operations().failureGroups();

            assertThat(found.status()).isEqualTo(Status.FAILED);
            assertThat(found.step()).isEqualTo("openAccount");
            assertThat(found.errorMessage()).isEqualTo("Accounts are down");
            assertThat(found.context().plan()).isEqualTo("gold");
            assertThat(found.context().transactionId()).contains("payment-42");
            assertThat(steps).hasSize(3);
            assertThat(failures).singleElement().extracting(FailureInfo::step).isEqualTo("openAccount");
            assertThat(counts).singleElement().extracting(StepCount::operations).isEqualTo(2L);
            assertThat(groups).singleElement().extracting(FailureGroup::failed).isEqualTo(2L);
        }
    }

    @Test
    void repairs_inPlace() throws Exception {
        try (BackOps backOps = start()) {
            long id = failed(backOps, 42);
            long other = failed(backOps, 43);
            long third = failed(backOps, 44);
            shop.down = false;

            Operations repairs = backOps.operations().by("ann", "the gateway is back");

            repairs.resume(id);

            repairs.skip(other, Map.of("accountNumber", 7, "accountLogin", "ann"));

            Ahead ahead = repairs.retryFrom(third, FulfillmentStep.CHARGE_CARD);
            ahead.runs(); // chargeCard, openAccount, sendReceipt
            ahead.again(); // chargeCard: it has completed before

            assertThat(ahead)
                    .isEqualTo(new Ahead(List.of("chargeCard", "openAccount", "sendReceipt"), List.of("chargeCard")));
            for (long each : List.of(id, other, third)) {
                assertThat(backOps.await(each, LONG)).isEqualTo(Status.COMPLETED);
            }
            assertThat(shop.calls)
                    .contains("mail 43 payment-43 for account 7")
                    .filteredOn(call -> call.startsWith("charge 44"))
                    .doesNotHaveDuplicates()
                    .hasSize(2);
            assertThatThrownBy(() -> repairs.resume(id)).isInstanceOf(RepairRefusedException.class);
        }
    }

    @Test
    void repairs_ofPausedOperations() throws Exception {
        try (BackOps backOps = BackOps.builder(TestDatabases.create()).build()) {
            Operations repairs = backOps.operations().by("ann", "the wrong card");
            long id = FulfillmentOperation.on(backOps)
                    .with()
                    .subscriptionId(42)
                    .plan("gold")
                    .enqueue()
                    .id();

            repairs.pause(id);
            repairs.skip(id, Map.of("transactionId", "cash"));
            repairs.setOutput(id, "transactionId", "cash-17");
            repairs.jumpTo(id, FulfillmentStep.OPEN_ACCOUNT);
            repairs.unpause(id);

            assertThat(backOps.operations().status(id)).contains(Status.READY);
            assertThat(repairs.cancel(id)).isTrue();
            assertThat(backOps.operations().status(id)).contains(Status.CANCELLED);
        }
    }

    @Test
    void repairs_inBulk() throws Exception {
        try (BackOps backOps = start()) {
            FulfillmentOperation fulfillments = FulfillmentOperation.on(backOps);
            long id = failed(backOps, 42);
            failed(backOps, 43);
            shop.down = false;

            Search search = Search.of(Status.FAILED)
                    .errorClass("dev.backops.StepAbortedException")
                    .limit(500);

            RepairReport report = fulfillments
                    .find(search)
                    .repair()
                    .by("ann", "accounts are back")
                    .resume();
            report.repaired(); // what runs in each operation, by id
            report.refused(); // why the others were left as they are, by id

            assertThat(report.repaired()).hasSize(2).containsKey(id);
            assertThat(report.refused()).isEmpty();
        }
    }

    private static long failed(BackOps backOps, long subscriptionId) throws InterruptedException {
        long id = FulfillmentOperation.on(backOps)
                .with()
                .subscriptionId(subscriptionId)
                .plan("gold")
                .enqueue()
                .id();
        Status status = backOps.await(id, Duration.ofSeconds(30));

        assertThat(status).isEqualTo(Status.FAILED);
        return id;
    }

    private BackOps start() {
        BackOps backOps = BackOps.builder(TestDatabases.create()).build();
        backOps.register(FulfillmentOperation.steps(new Fulfillment(shop)));
        backOps.start();
        return backOps;
    }
}
