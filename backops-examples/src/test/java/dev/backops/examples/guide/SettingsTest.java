package dev.backops.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.backops.BackOps;
import dev.backops.Enqueued;
import dev.backops.OperationInfo;
import dev.backops.OperationListener;
import dev.backops.PauseInfo;
import dev.backops.Status;
import dev.backops.StepEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class SettingsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    private final DataSource dataSource = TestDatabases.create();
    private final DataSource direct = dataSource;
    private final Shop shop = new Shop();

    @Test
    void application_isWiredByHand() throws Exception {
        BackOps backOps = BackOps.builder(dataSource).closeOnShutdown().build();
        BillOperation bills = BillOperation.on(backOps);

        backOps.register(BillOperation.steps(new Bill(shop)));
        backOps.register(InvoicingOperation.steps(new Invoicing(bills)));
        backOps.start();

        Enqueued one = bills.enqueue(42L, YearMonth.of(2026, 5));
        assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.COMPLETED);
        backOps.close();
    }

    @Test
    void limits_ofSeveralProcesses() throws Exception {
        try (BackOps backOps = BackOps.builder(dataSource)
                .concurrency(16)
                .queue("billing", 4)
                .queue("reports", 0)
                .lease(Duration.ofSeconds(30))
                .gracePeriod(Duration.ofSeconds(60))
                .build()) {
            runsOne(backOps);
        }
    }

    @Test
    void pauses_ofQueuesAndNames() throws Exception {
        try (BackOps backOps = BackOps.builder(dataSource).build()) {
            BillOperation bills = BillOperation.on(backOps);
            long id = bills.enqueue(41L, YearMonth.of(2026, 5)).id();

            backOps.operations().by("ann", "the gateway is down").pauseQueue("billing");

            OperationInfo<BillContext> found = bills.find().first().orElseThrow();
            found.reason(); // queue billing is paused by ann: the gateway is down
            found.note(); // what the running step says of its progress
            List<PauseInfo> pauses = backOps.operations().pauses();

            assertThat(found.reason()).isEqualTo("queue billing is paused by ann: the gateway is down");
            assertThat(found.note()).isNull();
            assertThat(pauses).extracting(PauseInfo::name).containsExactly("billing");

            backOps.operations().by("ann", "it is back").unpauseQueue("billing");

            backOps.operations().pauseName("billing.bill");
            backOps.operations().unpauseName("billing.bill");

            backOps.operations().cancel(id);
            runsOne(backOps);
        }
    }

    @Test
    void pooler_inTransactionMode() throws Exception {
        try (BackOps backOps = BackOps.builder(dataSource)
                .migrations(direct)
                .transactionPooling(true)
                .pollInterval(Duration.ofMillis(500))
                .build()) {
            runsOne(backOps);
        }
    }

    @Test
    void jdbi_ofTheApplication() throws Exception {
        Jdbi jdbi = Jdbi.create(dataSource);
        try (BackOps backOps = BackOps.builder(dataSource).jdbi(jdbi).build()) {
            runsOne(backOps);
        }
    }

    @Test
    void indexes_areBuiltByThoseWhoMay() throws Exception {
        try (BackOps backOps = BackOps.builder(dataSource).build()) {
            backOps.register(BillOperation.steps(new Bill(shop)));

            for (String statement : backOps.indexStatements()) {
                Jdbi.create(direct).useHandle(handle -> handle.execute(statement));
            }
        }
    }

    @Test
    void role_thatOnlyLooks() throws Exception {
        try (BackOps backOps = BackOps.builder(dataSource).build()) {
            BillOperation.on(backOps).at(Instant.now().plusSeconds(3600)).enqueue(41L, YearMonth.of(2026, 5));
        }
        Jdbi.create(direct).useHandle(handle -> {
            handle.begin();
            handle.execute("CREATE ROLE looker LOGIN");
            handle.execute("GRANT USAGE ON SCHEMA backops TO looker");
            handle.execute(
                    "GRANT SELECT ON backops.operations, backops.unfinished, backops.steps, backops.failures, backops.counts,"
                            + " backops.failure_groups, backops.workers, backops.pauses, backops.audit TO looker");
            handle.execute("SET LOCAL ROLE looker");
            for (String view : List.of("operations", "unfinished", "steps", "failures", "pauses", "counts", "audit")) {
                handle.select("SELECT * FROM backops." + view).mapToMap().list();
            }
            assertThatThrownBy(() ->
                            handle.select("SELECT backops.cancel(1)").mapToMap().list())
                    .hasMessageContaining("permission denied");
            handle.rollback();
        });
    }

    @Test
    void retention_deletes() throws Exception {
        try (BackOps backOps = BackOps.builder(dataSource)
                .keep(Status.COMPLETED, Duration.ofDays(90))
                .keep(Status.CANCELLED, Duration.ofDays(30))
                .build()) {
            runsOne(backOps);
            assertThat(BillOperation.on(backOps).find(Status.COMPLETED).count()).isEqualTo(1);
        }
    }

    @Test
    void sensitiveValues_areErased() throws Exception {
        try (BackOps backOps = BackOps.builder(dataSource).build()) {
            backOps.register(PayoutOperation.steps(new Payout(shop)));
            backOps.start();
            long id = PayoutOperation.on(backOps).enqueue(7, "DE02").id();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(shop.calls).containsExactly("refund DE02 by token-of-7");
        }
        String stored = Jdbi.create(dataSource)
                .withHandle(handle -> handle.select("SELECT params::text FROM backops.operation")
                        .mapTo(String.class)
                        .one());
        assertThat(stored).doesNotContain("DE02");
    }

    @SuppressWarnings("try") // Nobody names the scope.
    @Test
    void hooks_hear() throws Exception {
        List<String> metrics = new CopyOnWriteArrayList<>();
        List<String> alerts = new CopyOnWriteArrayList<>();
        try (BackOps backOps = BackOps.builder(dataSource)
                .listener(new OperationListener() {
                    @Override
                    public void stepFinished(StepEvent step, Duration took) {
                        metrics.add(step.operation() + "." + step.step() + " took " + took.toMillis() + " ms");
                    }

                    @Override
                    public void operationFailed(long operationId, String operation) {
                        alerts.add(operation + " " + operationId + " has failed");
                    }
                })
                .interceptor((run, step) -> {
                    try (var scope = MDC.putCloseable("operation", run.operation() + " " + run.operationId())) {
                        step.call();
                    }
                })
                .build()) {
            runsOne(backOps);
            await().until(() -> !metrics.isEmpty());
            assertThat(metrics.get(0)).startsWith("billing.bill.sendPages took ");
            assertThat(alerts).isEmpty();
        }
    }

    @Test
    void renewal_ofTwoDeploysAgo() throws Exception {
        try (BackOps backOps = BackOps.builder(dataSource).build()) {
            backOps.register(RenewalOperation.steps(new Renewal(shop)));
            backOps.start();
            long id = RenewalOperation.on(backOps).enqueue(7, "EU").id();

            assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);

            assertThat(shop.calls).last().isEqualTo("mail 7 payment-7 in EU");
        }
    }

    private void runsOne(BackOps backOps) throws InterruptedException {
        backOps.register(BillOperation.steps(new Bill(shop)));
        backOps.start();
        long id = BillOperation.on(backOps).enqueue(42L, YearMonth.of(2026, 5)).id();
        assertThat(backOps.await(id, LONG)).isEqualTo(Status.COMPLETED);
        assertThat(shop.calls).hasSize(3);
    }
}
