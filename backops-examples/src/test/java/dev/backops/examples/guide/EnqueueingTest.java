package dev.backops.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.BackOps;
import dev.backops.Enqueued;
import dev.backops.InvalidParamsException;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.annotation.Priority;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;

class EnqueueingTest {

    private final DataSource dataSource = TestDatabases.create();
    private final Jdbi jdbi = Jdbi.create(dataSource);

    @Test
    void enqueue_inEveryWay() throws Exception {
        try (BackOps backOps = BackOps.builder(dataSource).build()) {
            Instant tomorrow = Instant.now().plus(1, ChronoUnit.DAYS);
            FulfillmentOperation fulfillments = FulfillmentOperation.on(backOps);

            Enqueued one = fulfillments.with().subscriptionId(42).plan("gold").enqueue();
            fulfillments
                    .with()
                    .subscriptionId(43)
                    .plan("gold")
                    .voucher("WELCOME")
                    .enqueue();

            fulfillments.at(tomorrow).with().subscriptionId(44).plan("tin").enqueue();
            fulfillments
                    .after(Duration.ofHours(2))
                    .with()
                    .subscriptionId(45)
                    .plan("tin")
                    .enqueue();
            fulfillments
                    .priority(Priority.URGENT)
                    .with()
                    .subscriptionId(46)
                    .plan("tin")
                    .enqueue();

            assertThat(one.added()).isTrue();
            assertThat(fulfillments.find().count()).isEqualTo(5);
            assertThat(fulfillments.find(Status.SCHEDULED).count()).isEqualTo(2);
            assertThatThrownBy(() ->
                            fulfillments.with().subscriptionId(-1).plan("tin").enqueue())
                    .isInstanceOf(InvalidParamsException.class)
                    .hasMessageContaining("must be positive");
        }
    }

    @Test
    void enqueue_inATransaction() throws Exception {
        jdbi.useHandle(handle -> handle.execute("CREATE TABLE customer (id bigint)"));
        try (BackOps backOps = BackOps.builder(dataSource).build()) {
            BillOperation bills = BillOperation.on(backOps);

            jdbi.useTransaction(handle -> {
                handle.execute("INSERT INTO customer (id) VALUES (?)", 42L);
                bills.in(handle).enqueue(42L, YearMonth.of(2026, 5));
            });
            assertThatThrownBy(() -> jdbi.useTransaction(handle -> {
                        bills.in(handle).enqueue(43L, YearMonth.of(2026, 5));
                        throw new IllegalStateException("Rolled back");
                    }))
                    .isInstanceOf(IllegalStateException.class);

            assertThat(bills.find().count()).isEqualTo(1);
        }
    }

    @Test
    void enqueue_once() throws Exception {
        try (BackOps backOps = BackOps.builder(dataSource).build()) {
            BillOperation bills = BillOperation.on(backOps);

            Enqueued one = bills.key("request-17").enqueue(42L, YearMonth.of(2026, 5));
            boolean added = one.added(); // false: one with this key was there already, and one.id() is its id

            assertThat(added).isTrue();
            assertThat(bills.key("request-17").enqueue(42L, YearMonth.of(2026, 5)))
                    .isEqualTo(new Enqueued(one.id(), false));
            assertThat(bills.enqueue(42L, YearMonth.of(2026, 6)).added()).isTrue();
            assertThat(bills.enqueue(42L, YearMonth.of(2026, 6)).added()).isFalse();
        }
    }

    @Test
    void enqueue_manyAtOnce() throws Exception {
        try (BackOps backOps = BackOps.builder(dataSource).build()) {
            BillOperation bills = BillOperation.on(backOps);
            YearMonth may = YearMonth.of(2026, 5);

            List<Enqueued> added = bills.enqueueAll(List.of(new Bill.Params(42L, may), new Bill.Params(43L, may)));

            assertThat(added).extracting(Enqueued::added).containsExactly(true, true);
            assertThat(bills.find(Search.all()).customerId(43L).count()).isEqualTo(1);
        }
    }

    @Test
    void transactionalSteps_writeAndEnqueueInTheirTransaction() throws Exception {
        jdbi.useHandle(handle -> handle.execute("CREATE TABLE invoice (id bigint GENERATED ALWAYS AS IDENTITY,"
                + " customer bigint NOT NULL, billed boolean NOT NULL DEFAULT false)"));
        try (BackOps backOps = BackOps.builder(dataSource).jdbi(jdbi).build()) {
            backOps.register(InvoicingOperation.steps(new Invoicing(BillOperation.on(backOps))));
            backOps.register(BillOperation.steps(new Bill(new Shop())));
            backOps.start();
            long id = InvoicingOperation.on(backOps).enqueue(42L).id();

            assertThat(backOps.await(id, Duration.ofSeconds(30))).isEqualTo(Status.COMPLETED);

            assertThat(BillOperation.on(backOps).find().customerId(42L).count()).isEqualTo(1);
        }
        long billed = jdbi.withHandle(handle -> handle.select("SELECT count(*) FROM invoice WHERE billed")
                .mapTo(Long.class)
                .one());
        assertThat(billed).isEqualTo(1);
    }
}
