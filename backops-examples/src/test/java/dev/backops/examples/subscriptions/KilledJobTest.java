package dev.backops.examples.subscriptions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.embedded.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledJobTest {

    @TempDir
    Path directory;

    private final List<ProcessHandle> servers = new ArrayList<>();

    /** One life of the data directory, with a SIGKILL in every part of the job. */
    @Test
    void job_killedInEveryPartAndRunAgain_chargesEverybodyOnce() throws Exception {
        killOnceItPrints("Starting PostgreSQL");
        killOnce("(SELECT count(*) FROM backops.operations) >= 100");
        killOnce("(SELECT count(*) FROM gateway.charge) >= 20");
        killOnce("(SELECT count(*) FROM gateway.charge) >= 200");
        String resuming = killOnce(
                "EXISTS (SELECT FROM gateway.recovery) AND EXISTS (SELECT FROM backops.unfinished WHERE worker IS NOT NULL)");
        String last;
        try (ChildJob job = start("last")) {
            assertThat(job.awaitExit()).as(job.output()).isZero();
            last = job.output();
        }

        assertThat(resuming).contains("Another run holds operations.", "The gateway is back");
        assertThat(last)
                .contains("Enqueuing 300/300 (300 known from earlier runs)")
                .contains("Completed: 289 operations\nFailed until somebody decides:"
                        + " 8 CardDeclined, 3 MailboxClosed\n")
                .contains("292 charges for 292 subscriptions, nobody twice\n");
        assertThat(servers).hasSize(4).noneMatch(KilledJobTest::runs);
        assertThat(serverFile()).doesNotExist();
        assertOutcome();
    }

    @Test
    void job_toldToStop_stopsItsServerAndGoesOnLater() throws Exception {
        try (ChildJob job = start("terminated")) {
            job.awaitInDatabase("(SELECT count(*) FROM gateway.charge) >= 20");
            rememberServer();
            job.terminate();
            assertThat(job.output()).contains("Stopped. The same command goes on where this one was.");
        }
        assertThat(servers).hasSize(1).noneMatch(KilledJobTest::runs);

        try (ChildJob job = start("last")) {
            assertThat(job.awaitExit()).as(job.output()).isZero();
            assertThat(job.output())
                    .as("a job that stops in order gives back what it holds")
                    .doesNotContain("Another run");
        }
        assertOutcome();
    }

    private void killOnceItPrints(String output) throws Exception {
        try (ChildJob job = start("first")) {
            job.awaitOutput(output);
            job.kill();
            assertThat(job.output()).doesNotContain("Each is an operation");
        }
    }

    private String killOnce(String condition) throws Exception {
        try (ChildJob job = start("killed" + servers.size())) {
            job.awaitInDatabase(condition);
            rememberServer();
            job.kill();
            assertThat(job.output()).doesNotContain("All of this in SQL");
            return job.output();
        }
    }

    private ChildJob start(String name) throws IOException {
        return ChildJob.start(
                directory.resolve(name + ".txt"),
                "--data-dir",
                directory.resolve("data").toString());
    }

    private void rememberServer() throws IOException {
        String pid = Files.readAllLines(serverFile()).get(0).strip();
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(servers::add);
    }

    /** Is there while a server runs. */
    private Path serverFile() {
        return directory.resolve("data/postgres/cluster/postmaster.pid");
    }

    /* A server that has ended may stay a zombie where process 1 does not look after its children. */
    private static boolean runs(ProcessHandle process) {
        try {
            return process.isAlive()
                    && !Files.readString(Path.of("/proc/" + process.pid() + "/stat"))
                            .contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }

    private void assertOutcome() {
        SubscriptionFile file = SubscriptionFile.example();
        try (EmbeddedDatabase database =
                EmbeddedDatabase.at(directory.resolve("data/postgres")).start()) {
            Outcome outcome = new Outcome(database.dataSource());
            assertThat(new HashMap<>(outcome.statuses())).isEqualTo(Outcome.expectedStatuses(file));
            Map<Long, String> ledger = outcome.ledger();
            assertThat(ledger).containsOnlyKeys(Outcome.expectedCharges(file));
            assertThat(outcome.transactions()).isEqualTo(ledger);
            assertThat(outcome.repeatedSteps()).isEmpty();
            assertThat(outcome.stepsOfCompleted())
                    .containsExactly(
                            "chargeCreditCard 289", "setUpAccount 289", "sendReceipt 289", "scheduleReminder 289");
        }
    }
}
