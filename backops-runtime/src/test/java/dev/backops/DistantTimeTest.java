package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.testkit.Order;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DistantTimeTest {

    @RegisterExtension
    final TestDatabase database = TestDatabase.withTables();

    @Test
    void enqueue_forAThousandYearsHence_isScheduled() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            Enqueued after =
                    Order.client(backOps).after(Duration.ofDays(365_000)).enqueue(() -> Order.params(1));
            Enqueued at = Order.client(backOps)
                    .at(Instant.parse("+200000-01-01T00:00:00Z"))
                    .enqueue(() -> Order.params(2));

            assertThat(backOps.operations().status(after.id())).contains(Status.SCHEDULED);
            assertThat(backOps.operations().find(at.id()).orElseThrow().runAt()).isEqualTo("+200000-01-01T00:00:00Z");
        }
    }

    @Test
    void enqueue_forTheDistantPast_isReady() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            Enqueued one = Order.client(backOps)
                    .at(Instant.parse("0001-01-01T00:00:00Z"))
                    .enqueue(() -> Order.params(1));

            assertThat(backOps.operations().status(one.id())).contains(Status.READY);
        }
    }
}
