package dev.backops.processor;

import static dev.backops.processor.Compiled.fulfillment;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.BackOpsConfig;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnqueueRuleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "costumerId"        | Fulfillment has no param "costumerId". Did you mean "customerId"? | Params: customerId, note, tags, tip
            "receipt"           | "receipt" is an output, which is not known yet when an operation is enqueued. | Params: customerId, note, tags, tip
            ""                  | Fulfillment has no param "".                          | Params: customerId, note, tags, tip
            "note"              | "note" is @Nullable String and may be missing, but a key is always whole. | Leave it out, or pass the key at the call: key(...)
            "tip"               | "tip" is java.util.Optional<Long> and may be missing, but a key is always whole. | Leave it out, or pass the key at the call: key(...)
            "tags"              | "tags" is java.util.List<String>, but a key is made of single values. | Leave it out, or pass the key at the call: key(...)
            """)
    void key_isReportedAtTheItem(String item, String problem, String advice) {
        Compiled.wrong(operation("key = {\"customerId\",\n" + item + "\n}"))
                .failsAt(item, "[BackOps/InvalidKey] " + problem, advice);
    }

    @Test
    void keyThatNamesAParamTwice_isReportedAtTheSecond() {
        Compiled.wrong(operation("key = {\"customerId\",\n\"customerId\"\n}"))
                .failsAt("\"customerId\"", "[BackOps/InvalidKey] key names \"customerId\" twice. Remove one.");
    }

    @Test
    void keyWithoutParams_isReported() {
        Compiled.wrong(fulfillment("@Step void charge() {}")
                        .replace("(\"fulfillment\")", "(value = \"fulfillment\", key = \"customerId\")"))
                .failsAt(
                        "@dev.backops.annotation.Operation(value = \"fulfillment\", key = \"customerId\")",
                        "[BackOps/InvalidKey] Fulfillment has no param \"customerId\".",
                        "A key is made of components of the record Params.");
    }

    @Test
    void keyOfAParamThatIsNotSimple_isReportedOnce() {
        Compiled.wrong(fulfillment("record Params(Object customerId) {}\n@Step void charge() {}")
                        .replace("(\"fulfillment\")", "(value = \"fulfillment\", key = \"customerId\")"))
                .failsAt(
                        "record Params(Object customerId) {}",
                        "[BackOps/NotSimple] Param \"customerId\" is an Object, which is not a simple type.",
                        "Name the type that it really is: a stored value is read back by its declared type.");
    }

    @Test
    void keyAndSameParams_areReportedAtDedupe() {
        Compiled.wrong(operation("key = \"customerId\",\ndedupe = Dedupe.SAME_PARAMS\n"))
                .failsAt(
                        "dedupe = Dedupe.SAME_PARAMS",
                        "[BackOps/InvalidKey] With SAME_PARAMS all params are the key, but key names some of them.",
                        "Remove key or dedupe.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "1st", "ünicode"})
    void queue_isReportedAtTheValue(String queue) {
        Compiled.wrong(operation("\nqueue = \"" + queue + "\"\n"))
                .failsAt(
                        "queue = \"" + queue + "\"",
                        "[BackOps/InvalidQueue] \"" + queue + "\" cannot name a queue.",
                        "It must have 1 to 200 characters, letters from a to z, digits, \"_\", \"-\" and \".\", and begin with a"
                                + " letter, for example \"billing\".");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "two words", "1st", "ünicode", "-", "a", "Billing", "a_b-c.d", "a\n", "default"})
    void queue_isTakenWhereTheBuilderTakesIt(String queue) {
        assertThat(OperationRule.isStoredName(queue)).isEqualTo(builderTakes(queue));
        for (int length : new int[] {200, 201}) {
            String name = "q".repeat(length);
            assertThat(OperationRule.isStoredName(name)).isEqualTo(builderTakes(name));
        }
    }

    private static boolean builderTakes(String queue) {
        try {
            return new BackOpsConfig(
                            "backops",
                            1,
                            Map.of(queue, 1),
                            BackOpsConfig.DEFAULT_LEASE,
                            BackOpsConfig.DEFAULT_POLL_INTERVAL,
                            /* transactionPooling= */ false,
                            BackOpsConfig.DEFAULT_GRACE_PERIOD,
                            Map.of())
                    .queues()
                    .containsKey(queue);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "keyScope = KeyScope.UNFINISHED",
                "dedupe = Dedupe.SAME_PARAMS, keyScope = KeyScope.UNFINISHED",
                "key = \"customerId\", dedupe = Dedupe.BY_KEY",
                "key = {}, queue = \"default\", priority = Priority.LOW"
            })
    void settings_areTaken(String settings) {
        Compiled.of(operation(settings)).succeeds();
    }

    private static String operation(String settings) {
        return fulfillment("""
                record Params(long customerId, @Nullable String note, List<String> tags, Optional<Long> tip) {}
                @Step(output = "receipt") String charge() { return ""; }
                """).replace("(\"fulfillment\")", "(value = \"fulfillment\", " + settings + ")");
    }
}
