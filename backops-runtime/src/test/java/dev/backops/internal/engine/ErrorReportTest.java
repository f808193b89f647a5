package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.testkit.TestDatabase;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorReportTest {

    private static final StackTraceElement JDK = frame("java.util.ArrayList", "get");
    private static final StackTraceElement LIBRARY = frame("org.lib.Client", "send");
    private static final StackTraceElement CART = frame("com.acme.shop.Cart", "pay");
    private static final StackTraceElement BANK = frame("com.acme.bank.Bank", "charge");
    private static final StackTraceElement ENGINE = frame("dev.backops.internal.engine.StepRunner", "call");

    @RegisterExtension
    final TestDatabase testDatabase = TestDatabase.withTables();

    @Test
    void report_tellsClassMessageAndTraceWithCauses() {
        ErrorReport report = report(new IllegalStateException("no van", new java.io.IOException("gate shut")));

        assertThat(report.errorClass()).isEqualTo("java.lang.IllegalStateException");
        assertThat(report.message()).isEqualTo("no van");
        assertThat(report.stackTrace())
                .startsWith("java.lang.IllegalStateException: no van")
                .contains("Caused by: java.io.IOException: gate shut");
        assertThat(report(new IllegalStateException()).message()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\uD83Db", "a\uDE00b", "\uD83D", "\uDE00\uD83D", "\uD83D\uDE00\0"})
    void message_ofWhatPostgresRefuses_isStoredWithoutIt(String message) {
        ErrorReport report = report(new IllegalStateException(message));

        assertThat(stored(report.message())).isEqualTo(report.message());
        assertThat(stored(report.stackTrace())).isEqualTo(report.stackTrace());
        assertThat(report.message()).hasSameSizeAs(message);
    }

    @Test
    void message_ofMegabytes_isCutAndSaysSo() {
        ErrorReport report = report(new IllegalStateException("x".repeat(5_000_000)));

        assertThat(report.message())
                .startsWith("xxx")
                .endsWith("… (5000000 characters)")
                .hasSizeLessThan(10_100);
        assertThat(report.stackTrace()).hasSizeLessThan(100_100);
    }

    @Test
    void message_cutInTheMiddleOfACharacter_isStillText() {
        ErrorReport report = report(new IllegalStateException("x" + "\uD83D\uDE00".repeat(6_000)));

        assertThat(stored(report.message())).isEqualTo(report.message());
    }

    @Test
    void causes_inACircle_areTold() {
        Exception inner = new Exception("inner");
        Exception outer = new Exception("outer", inner);
        inner.initCause(outer);

        ErrorReport report = report(outer);

        assertThat(report.message()).isEqualTo("outer");
        assertThat(report.stackTrace()).contains("CIRCULAR REFERENCE");
    }

    @Test
    void causes_ofAThousandLevels_areTold() {
        Exception error = new Exception("innermost");
        for (int i = 0; i < 20_000; i++) {
            error = new Exception("level " + i, error);
        }

        ErrorReport report = report(error);

        assertThat(report.message()).isEqualTo("level 19999");
        assertThat(report.stackTrace())
                .startsWith("java.lang.Exception: level 19999")
                .hasSizeLessThan(100_100);
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void exception_whoseMethodsThrow_isToldAsFarAsItCanBe(boolean errors) {
        Nasty nasty = new Nasty(errors);

        ErrorReport report = report(nasty);

        String trouble = errors ? "java.lang.NoClassDefFoundError" : "java.lang.UnsupportedOperationException";
        assertThat(report.errorClass()).isEqualTo(Nasty.class.getName());
        assertThat(report.message()).isEqualTo("(could not be read: " + trouble + ")");
        assertThat(report.stackTrace()).isEqualTo("beginning\n(could not be read: " + trouble + ")");
        assertThat(report.frame()).isNull();
    }

    @Test
    void frame_isTheTopmostOfTheApplicationInTheInnermostCauseThatHasOne() {
        Exception inner = with(new Exception(), JDK, LIBRARY);
        Exception middle = with(new Exception(inner), LIBRARY, BANK, CART, ENGINE);
        Exception outer = with(new Exception(middle), JDK, CART, ENGINE);

        assertThat(report(outer).frame()).isEqualTo("com.acme.bank.Bank.charge(Bank.java:5)");
    }

    @Test
    void frame_withoutOneOfTheApplication_isTheTopmostThatIsNotOfTheJdkOrOurs() {
        Exception inner = with(new Exception(), JDK);

        assertThat(report(with(new Exception(inner), JDK, LIBRARY, ENGINE)).frame())
                .isEqualTo("org.lib.Client.send(Client.java:5)");
        assertThat(report(with(new Exception(), JDK, ENGINE)).frame()).isNull();
        assertThat(report(with(new Exception())).frame()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "com.acme.shop, com.acme.x.A",
                "com.acme, com.acme.x.A",
                "com, com.other.B",
                "'', org.lib.Client",
            })
    void frame_ofTheApplication_isOneBelowItsFirstTwoPackages(String base, String type) {
        Exception error = with(
                new Exception(),
                frame("org.lib.Client", "f"),
                frame("com.acmecorp.C", "f"),
                frame("communication.D", "f"),
                frame("com.other.B", "f"),
                frame("com.acme.x.A", "f"));
        if (base.equals("com")) {
            error = with(new Exception(), frame("communication.D", "f"), frame("com.other.B", "f"));
        }

        assertThat(ErrorReport.of(error, base).frame()).startsWith(type + ".f(");
    }

    private static ErrorReport report(Throwable error) {
        return ErrorReport.of(error, "com.acme.shop.orders");
    }

    private @Nullable String stored(@Nullable String text) {
        return testDatabase
                .jdbi()
                .withHandle(handle -> handle.createQuery("SELECT CAST(:text AS text)")
                        .bind("text", text)
                        .mapTo(String.class)
                        .one());
    }

    private static Exception with(Exception error, StackTraceElement... frames) {
        error.setStackTrace(frames);
        return error;
    }

    private static StackTraceElement frame(String type, String method) {
        return new StackTraceElement(type, method, type.substring(type.lastIndexOf('.') + 1) + ".java", 5);
    }

    /** Fails at everything it is asked. */
    static final class Nasty extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final boolean errors;

        Nasty(boolean errors) {
            this.errors = errors;
        }

        private RuntimeException trouble() {
            if (errors) {
                throw new NoClassDefFoundError("on purpose");
            }
            return new UnsupportedOperationException("on purpose");
        }

        @Override
        public String getMessage() {
            throw trouble();
        }

        @Override
        public String toString() {
            throw trouble();
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw trouble();
        }

        @Override
        public synchronized Throwable getCause() {
            throw trouble();
        }

        @Override
        public void printStackTrace(PrintWriter writer) {
            writer.print("beginning\n");
            throw trouble();
        }
    }
}
