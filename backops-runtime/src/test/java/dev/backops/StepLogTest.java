package dev.backops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.backops.testkit.Order;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class StepLogTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final Logger logger = (Logger) LoggerFactory.getLogger("application.steps");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>() {
        @Override
        protected void append(ILoggingEvent event) {
            // Otherwise it is asked for its context by the thread that looks.
            event.prepareForDeferredProcessing();
            super.append(event);
        }
    };

    @BeforeEach
    void listen() {
        lines.start();
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(lines);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(lines);
    }

    @Test
    void lineInsideAStep_saysWhichOperationAndStep() throws Exception {
        List<Map<String, String>> before = new CopyOnWriteArrayList<>();
        try (BackOps backOps =
                BackOps.builder(database.dataSource()).concurrency(1).build()) {
            backOps.register(Order.steps(new Order.Steps() {
                @Override
                public Order.Charge charge(long number, StepRun run) {
                    before.add(Map.copyOf(MDC.getCopyOfContextMap()));
                    logger.info("charging");
                    MDC.put("mine", "left behind");
                    throw new StepAbortedException("not this time");
                }
            }));
            backOps.start();
            Enqueued one = Order.client(backOps).enqueue(() -> Order.params(1));
            assertThat(backOps.await(one.id(), LONG)).isEqualTo(Status.FAILED);
            Enqueued other = Order.client(backOps).enqueue(() -> Order.params(2));
            assertThat(backOps.await(other.id(), LONG)).isEqualTo(Status.FAILED);

            assertThat(lines.list)
                    .extracting(ILoggingEvent::getMDCPropertyMap)
                    .containsExactly(context(one), context(other));
            assertThat(before).containsExactly(context(one), context(other));
        }
    }

    private static Map<String, String> context(Enqueued one) {
        return Map.of("operationId", Long.toString(one.id()), "operation", "orders.order", "step", "charge");
    }
}
