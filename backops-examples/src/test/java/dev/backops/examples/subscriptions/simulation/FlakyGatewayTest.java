package dev.backops.examples.subscriptions.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.embedded.EmbeddedDatabase;
import dev.backops.examples.subscriptions.CardDeclinedException;
import dev.backops.examples.subscriptions.GatewayTimeoutException;
import dev.backops.examples.subscriptions.PaymentGateway.Charge;
import java.math.BigDecimal;
import java.net.SocketTimeoutException;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlakyGatewayTest {

    private static EmbeddedDatabase server;

    private DataSource dataSource;
    private FlakyGateway gateway;

    @BeforeAll
    static void startServer() {
        server = EmbeddedDatabase.temporary().durable(false).start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void openGateway(TestInfo test) {
        dataSource = server.createDatabase(test.getTestMethod().orElseThrow().getName() + test.getDisplayName());
        gateway = FlakyGateway.open(dataSource);
    }

    @Test
    void charge_sameKey_returnsTheEarlierTransactionAndChargesNothing() {
        String first = gateway.charge(charge("visa-4242", "29.00"), "key-1");
        String again = gateway.charge(charge("visa-4242", "29.00"), "key-1");
        String other = gateway.charge(charge("visa-4242", "29.00"), "key-2");

        assertThat(again).isEqualTo(first);
        assertThat(other).isNotEqualTo(first);
        assertThat(requests()).containsExactly("key-1 2", "key-2 1");
    }

    @Test
    void charge_sameKeyAtTheSameTime_isOneCharge() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Callable<String> request = () -> gateway.charge(charge("visa-4242", "29.00"), "key-1");
            List<Future<String>> answers = threads.invokeAll(Collections.nCopies(8, request));
            String first = answers.get(0).get();
            for (Future<String> answer : answers) {
                assertThat(answer.get()).isEqualTo(first);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(requests()).containsExactly("key-1 8");
    }

    @Test
    void charge_sameKeyForAnotherAmount_isRefused() {
        gateway.charge(charge("visa-4242", "29.00"), "key-1");

        assertThatThrownBy(() -> gateway.charge(charge("visa-4242", "99.00"), "key-1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another charge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"visa-0002", "mastercard-0069", "visa-9995"})
    void charge_badCard_isDeclinedForGoodAndNotCharged(String card) {
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThatThrownBy(() -> gateway.charge(charge(card, "29.00"), "key-1"))
                    .isInstanceOf(CardDeclinedException.class)
                    .hasMessageStartingWith("Declined by the bank: ");
        }
        assertThat(requests()).isEmpty();
    }

    @Test
    void charge_lostAnswer_isInTheLedgerAndTheNextAttemptGetsItsTransaction() {
        assertThatThrownBy(() -> gateway.charge(charge("visa-3220", "29.00"), "key-1"))
                .isInstanceOf(GatewayTimeoutException.class)
                .hasRootCauseInstanceOf(SocketTimeoutException.class)
                .hasRootCauseMessage("Read timed out");
        assertThat(requests()).containsExactly("key-1 1");

        String transaction = gateway.charge(charge("visa-3220", "29.00"), "key-1");

        assertThat(transaction).isEqualTo("TX-100001");
        assertThat(requests()).containsExactly("key-1 2");
    }

    @Test
    void charge_networkDown_worksOnceTheGatewayHasRecovered() {
        assertThatThrownBy(() -> gateway.charge(charge("maestro-5904", "29.00"), "key-1"))
                .isInstanceOf(GatewayTimeoutException.class)
                .hasRootCauseMessage("Connect timed out");
        assertThat(requests()).isEmpty();

        gateway.recover();
        gateway.recover();

        assertThat(FlakyGateway.open(dataSource).charge(charge("maestro-5904", "29.00"), "key-1"))
                .startsWith("TX-");
    }

    private List<String> requests() {
        return Jdbi.create(dataSource)
                .withHandle(handle -> handle.createQuery(
                                "SELECT idempotency_key || ' ' || requests FROM gateway.charge ORDER BY 1")
                        .mapTo(String.class)
                        .list());
    }

    private static Charge charge(String card, String amount) {
        return new Charge("subscription-42", card, new BigDecimal(amount), Currency.getInstance("EUR"));
    }
}
