package dev.backops.examples.subscriptions;

import dev.backops.OperationInfo;
import dev.backops.examples.subscriptions.SubscriptionFile.Rejected;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;

/** Tells the reader what the job does and what the database says about it. */
final class Report {

    private static final int MAX_REJECTED = 8;
    private static final long FAVOURITE_SUBSCRIPTION = 42;

    private final Screen screen;
    private final Jdbi jdbi;

    Report(Screen screen, Jdbi jdbi) {
        this.screen = screen;
        this.jdbi = jdbi;
    }

    /** What is in the file, and what is not. */
    static void file(Screen screen, SubscriptionFile file) {
        int bad = file.rejected().size();
        screen.print(file.name() + ": " + Screen.count(file.rows().size(), "subscription")
                + (bad == 0 ? "" : ", " + Screen.count(bad, "bad row") + " skipped:"));
        rejected(screen, file.name(), file.rejected());
    }

    void steps() {
        screen.print("The %d steps: %s"
                .formatted(
                        FulfillmentStep.values().length,
                        Arrays.stream(FulfillmentStep.values())
                                .map(FulfillmentStep::stepName)
                                .collect(Collectors.joining(", "))));
    }

    /** What cannot be enqueued. */
    void rejected(String file, List<Rejected> rejected) {
        rejected(screen, file, rejected);
    }

    /** How many operations are where. */
    void statuses() {
        screen.print("\nOperations by status:\n");
        answer(Question.BY_STATUS);
    }

    /** What went wrong, whether it was mended by another attempt or not. */
    void failures() {
        screen.print("\nFailed attempts by step and error, with the first frame of the application:\n");
        answer(Question.FAILURES);
    }

    /** What is left to somebody who knows the customer, and whether the money is right. */
    void conclusion(int total, Collection<? extends OperationInfo<?>> failed, LedgerTotals ledger) {
        screen.print("\nCompleted: " + Screen.count(total - failed.size(), "operation"));
        if (!failed.isEmpty()) {
            screen.print("Failed until somebody decides: " + errors(failed));
        }
        screen.print("The ledger of the gateway: " + ledger);
    }

    /** The SQL behind all this, and one answer: about the favourite subscription, or the first where it is not there. */
    void questions(Map<Long, Long> operationOfSubscription) {
        Map.Entry<Long, Long> one = operationOfSubscription.entrySet().stream()
                .max(Comparator.comparing(entry -> entry.getKey() == FAVOURITE_SUBSCRIPTION))
                .orElseThrow();
        screen.print("\nAll of this in SQL:\n");
        List.of(
                        Question.BY_STATUS,
                        Question.FAILURES,
                        Question.stackTraces(one.getValue()),
                        Question.LEDGER,
                        Question.operation(one.getKey()))
                .forEach(question -> screen.print(question.stripTrailing()));
        screen.print("");
        answer(Question.operation(one.getKey()));
    }

    private static void rejected(Screen screen, String file, List<Rejected> rejected) {
        rejected.stream()
                .limit(MAX_REJECTED)
                .forEach(row -> screen.print(file + ":" + row.line() + ": " + row.reason()));
        if (rejected.size() > MAX_REJECTED) {
            screen.print("... and " + (rejected.size() - MAX_REJECTED) + " more");
        }
    }

    private static String errors(Collection<? extends OperationInfo<?>> failed) {
        Map<String, Long> byError = failed.stream()
                .collect(Collectors.groupingBy(
                        one -> String.valueOf(one.errorClass()).replaceAll(".*\\.|Exception$", ""),
                        TreeMap::new,
                        Collectors.counting()));
        return byError.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
    }

    private void answer(String question) {
        screen.print(ResultTable.of(jdbi, question));
    }
}
