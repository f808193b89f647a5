package dev.backops.examples.subscriptions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.embedded.EmbeddedDatabase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FulfillSubscriptionsTest {

    private static final String SOME = """
            subscription_id,email,plan,amount,currency,card,renews_on
            1,ada@example.com,PRO,29.00,EUR,visa-4242,2027-05-07
            2,bea@example.com,PRO,29.00,EUR,visa-0069,2027-05-07
            3,cem@closed.example.com,PRO,29.00,EUR,visa-4242,2027-05-07
            4,dan@example.net,BASIC,9.00,EUR,visa-3220,2027-05-07
            5,eva@example.com,BASIC,9.00,EUR,maestro-5904,2027-05-07
            6,fay@example.com,BASIC,-9.00,EUR,visa-4242,2027-05-07
            """;

    private static EmbeddedDatabase server;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeAll
    static void startServer() {
        server = EmbeddedDatabase.temporary().durable(false).start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Test
    void run_tellsWhatHappensAndTheSecondOneRepeatsNothing() throws Exception {
        String url = database("twice");
        Path file = file(SOME);

        assertThat(run("--jdbc-url", url, "--file", file.toString())).isZero();

        assertThat(err()).isEmpty();
        assertThat(out())
                .contains(file + ": 5 subscriptions, 1 bad row skipped:")
                .contains("\n" + file + ":7: the amount must be positive, but is -9.00")
                .contains("Connecting to PostgreSQL ...", "PostgreSQL 18")
                .contains("The 4 steps: chargeCreditCard, setUpAccount, sendReceipt, scheduleReminder")
                .contains("Enqueuing 5/5\n", "Fulfilling 5/5 (3 failed)\n")
                .containsPattern("completed +\\| +2\n +failed +\\| +3\n")
                .containsPattern("chargeCreditCard \\| GatewayTimeout +\\| +3 \\| +1 \\| FlakyGateway.connect:")
                .containsPattern("chargeCreditCard \\| GatewayTimeout +\\| +1 \\| +0 \\| FlakyGateway.receive:")
                .containsPattern("chargeCreditCard \\| CardDeclined +\\| +1 \\| +1 \\| FlakyGateway.approve:")
                .containsPattern("sendReceipt +\\| MailServerBusy +\\| +1 \\| +0 \\| FussyMailer.send:")
                .containsPattern("sendReceipt +\\| MailboxClosed +\\| +1 \\| +1 \\| FussyMailer.send:")
                .contains("The gateway is back. What failed without it goes on: 1 operation\n", "Resuming 1/1\n")
                .contains("Completed: 3 operations\nFailed until somebody decides:"
                        + " 1 CardDeclined, 1 MailboxClosed\n")
                .contains("4 charges for 4 subscriptions, nobody twice\n1 repeated request charged nothing\n")
                .contains("\nSELECT status, count(*) AS operations FROM backops.operations\n")
                .contains("context @> '{\"subscriptionId\": 1}'", "\"email\": \"ada@example.com\"")
                .contains("psql \"postgresql://postgres@127.0.0.1:" + server.port() + "/twice\"");
        List<String> history = history("twice");

        out.reset();
        assertThat(run("--jdbc-url", url, "--file", file.toString())).isZero();

        assertThat(out())
                .contains("Enqueuing 5/5 (5 known from earlier runs)")
                .contains("Completed: 3 operations\nFailed until somebody decides: 1 CardDeclined")
                .doesNotContain("Fulfilling", "Resuming", "Another run");
        assertThat(history("twice")).isEqualTo(history);
    }

    @Test
    void failureThatNobodyExpects_isAnError() throws Exception {
        String url = database("unexpected");
        run("--jdbc-url", url, "--file", file(SOME).toString());
        Jdbi.create(server.dataSource("unexpected"))
                .useHandle(handle -> handle.execute("ALTER TABLE gateway.charge ADD CHECK (amount < 1000)"));

        Path dear = file(
                SOME.lines().limit(1).toList().get(0) + "\n7,gil@example.com,TEAM,12000,JPY,visa-4242,2027-05-07\n");
        assertThat(run("--jdbc-url", url, "--file", dear.toString())).isEqualTo(1);

        assertThat(out()).contains("Failed until somebody decides: 1 UnableToExecuteStatement\n");
        assertThat(err())
                .hasLineCount(1)
                .startsWith("Error: some operations did not end as expected; the log is " + directory);
    }

    @Test
    void chargeTwice_isAnError() throws Exception {
        String url = database("charged");
        run("--jdbc-url", url, "--file", file(SOME).toString());
        Jdbi.create(server.dataSource("charged"))
                .useHandle(handle -> handle.execute("INSERT INTO gateway.charge"
                        + " (idempotency_key, reference, card, amount, currency) SELECT 'another', reference, card, amount,"
                        + " currency FROM gateway.charge LIMIT 1"));

        assertThat(run("--jdbc-url", url, "--file", file(SOME).toString())).isEqualTo(1);

        assertThat(out()).contains("5 charges for 4 subscriptions: SOMEBODY WAS CHARGED TWICE\n");
        assertThat(err()).startsWith("Error: some operations did not end as expected");
    }

    @Test
    void changedRow_isReportedAndTheFirstOneStands() throws Exception {
        String url = database("changed");
        run("--jdbc-url", url, "--file", file(SOME).toString());
        out.reset();

        Path changed = file(SOME.replace("1,ada@example.com,PRO,29.00", "1,ada@example.com,PRO,99.00"));
        assertThat(run("--jdbc-url", url, "--file", changed.toString())).isZero();

        assertThat(out())
                .contains(changed + ":2: the subscription 1 was enqueued before, with other values")
                .contains("4 charges for 4 subscriptions");
    }

    @Test
    void fresh_startsOver() throws Exception {
        Path data = directory.resolve("data");
        Path file = file(String.join("\n", SOME.lines().limit(2).toList()));
        run("--data-dir", data.toString(), "--file", file.toString());
        assertThat(out()).contains("Enqueuing 1/1\n", "Starting PostgreSQL in " + data, "it stays up for a look");
        assertThat(data).isDirectoryNotContaining("glob:**/*unfinished*");
        out.reset();

        assertThat(run("--data-dir", data.toString(), "--file", file.toString(), "--fresh"))
                .isZero();

        assertThat(out()).contains("Enqueuing 1/1\n").contains("1 charge for 1 subscription, nobody twice");
    }

    @Test
    void somebodyElsesDirectory_isLeftAlone() throws Exception {
        Path theirs = Files.createDirectories(directory.resolve("theirs"));
        Files.writeString(theirs.resolve("thesis.txt"), "all of it");

        assertThat(run("--data-dir", theirs.toString(), "--fresh")).isEqualTo(1);

        assertThat(err())
                .isEqualTo("Error: " + theirs
                        + " is not empty, and was not made by this example; choose another --data-dir\n");
        assertThat(theirs.toFile().list()).containsExactly("thesis.txt");
    }

    @Test
    void directoryInUse_isRefusedInOneLine() throws Exception {
        Path data = directory.resolve("data");
        DataDirectory ours = DataDirectory.open(data);
        try (EmbeddedDatabase other = EmbeddedDatabase.at(ours.database()).start()) {
            assertThat(run("--data-dir", data.toString(), "--fresh")).isEqualTo(1);
            assertThat(texts(other.dataSource(), "SELECT 'alive'")).containsExactly("alive");
        }
        assertThat(err()).hasLineCount(1).contains("is open already");
    }

    @Test
    void whatCannotBeUsed_isSaidInOneLine() throws Exception {
        Path plain = file("nothing");
        assertThat(run("--file", directory.resolve("no.csv").toString())).isEqualTo(1);
        assertThat(run("--file", file(SOME.lines().findFirst().orElseThrow()).toString()))
                .isEqualTo(1);
        assertThat(run("--data-dir", plain.toString())).isEqualTo(1);
        assertThat(run("--data-dir", directory.resolve("d").toString(), "--jdbc-url", "jdbc:mysql://localhost/x"))
                .isEqualTo(1);
        assertThat(run(
                        "--data-dir",
                        directory.resolve("d").toString(),
                        "--jdbc-url",
                        "jdbc:postgresql://127.0.0.1:1/x"))
                .isEqualTo(1);

        assertThat(err().lines())
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("Error: " + directory.resolve("no.csv") + " does not exist"),
                        line -> assertThat(line).isEqualTo("Error: " + plain + " has no subscription to fulfill"),
                        line -> assertThat(line).isEqualTo("Error: " + plain + " is not a directory"),
                        line -> assertThat(line).startsWith("Error: --jdbc-url must begin with jdbc:postgresql:"),
                        line -> assertThat(line)
                                .startsWith("Error: The database cannot be used: ")
                                .contains("refused"));
    }

    @Test
    void wrongOptions_areExplained() {
        assertThat(run("--flie", "x")).isEqualTo(2);
        assertThat(run("--fresh", "--jdbc-url", "jdbc:postgresql://localhost/shop"))
                .isEqualTo(2);
        assertThat(run("--user", "ada")).isEqualTo(2);

        assertThat(err())
                .contains("Unknown option", "--flie")
                .contains("DROP SCHEMA backops, gateway CASCADE")
                .contains("--user and --password go with --jdbc-url");
        assertThat(out()).isEmpty();
    }

    @Test
    void help_explainsEveryOption() {
        assertThat(run("--help")).isZero();

        assertThat(out())
                .contains("--file", "--data-dir", "--fresh", "--jdbc-url", "--user", "--password", "--wait", "--help")
                .contains(SubscriptionRow.COLUMNS);
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!all.contains("--data-dir")) {
            all.addAll(List.of("--data-dir", directory.resolve("log").toString()));
        }
        return FulfillSubscriptions.run(
                Screen.plain(new PrintStream(out, /* autoFlush= */ true, UTF_8)),
                new PrintStream(err, /* autoFlush= */ true, UTF_8),
                new StopSignal(),
                all.toArray(String[]::new));
    }

    private String out() {
        return out.toString(UTF_8).replace("\r", "");
    }

    private String err() {
        return err.toString(UTF_8).replace("\r", "");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("some.csv"), text);
    }

    private static String database(String name) {
        server.createDatabase(name);
        return server.jdbcUrl(name);
    }

    private static List<String> history(String database) {
        return texts(server.dataSource(database), """
                SELECT s::text FROM backops.steps s
                UNION ALL SELECT f::text FROM backops.failures f
                UNION ALL SELECT c::text FROM gateway.charge c ORDER BY 1
                """);
    }

    private static List<String> texts(DataSource dataSource, String query) {
        return Jdbi.create(dataSource)
                .withHandle(
                        handle -> handle.createQuery(query).mapTo(String.class).list());
    }
}
