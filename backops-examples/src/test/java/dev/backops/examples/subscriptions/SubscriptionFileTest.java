package dev.backops.examples.subscriptions;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.examples.subscriptions.SubscriptionFile.Rejected;
import dev.backops.examples.subscriptions.SubscriptionFile.Row;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Currency;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubscriptionFileTest {

    private static final String HEADER = "subscription_id,email,plan,amount,currency,card,renews_on\n";
    private static final String GOOD = "42,ada@example.com,PRO,29.00,EUR,visa-4242,2027-05-07\n";
    private static final Fulfillment.Params ADA = new Fulfillment.Params(
            42,
            "ada@example.com",
            Plan.PRO,
            new BigDecimal("29.00"),
            Currency.getInstance("EUR"),
            "visa-4242",
            LocalDate.of(2027, 5, 7));

    @TempDir
    Path directory;

    @Test
    void example_hasThreeHundredSubscriptionsAndOneBadRowOfEachKind() {
        SubscriptionFile file = SubscriptionFile.example();

        assertThat(file.rows()).hasSize(300);
        assertThat(file.rejected())
                .containsExactly(
                        new Rejected(47, "the amount must be positive, but is -29.00"),
                        new Rejected(114, "plan must be BASIC, PRO, TEAM, ENTERPRISE, but is \"GOLD\""),
                        new Rejected(190, "the row has 4 fields, but the header has 7"),
                        new Rejected(268, "the subscription 88 is in line 90 already"));
    }

    @Test
    void goodRow_isRead() throws IOException {
        assertThat(read(HEADER + GOOD).rows()).containsExactly(new Row(2, ADA));
    }

    @Test
    void columnsInOtherOrderWithMoreBetween_areFoundByName() throws IOException {
        assertThat(read("""
                        Card, note ,amount,email,plan,RENEWS_ON,currency,subscription_id
                        visa-4242,"two
                        lines",29.00,ada@example.com,pro,2027-05-07,EUR,42
                        """).rows()).containsExactly(new Row(2, ADA));
    }

    @Test
    void byteOrderMarkAndWindowsLineEnds_areNoTrouble() throws IOException {
        assertThat(read("\uFEFF" + (HEADER + GOOD).replace("\n", "\r\n")).rows())
                .containsExactly(new Row(2, ADA));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            x,ada@example.com,PRO,29.00,EUR,visa-4242,2027-05-07  | subscription_id must be a whole number, but is "x"
            0,ada@example.com,PRO,29.00,EUR,visa-4242,2027-05-07  | the subscription id must be positive, but is 0
            ,ada@example.com,PRO,29.00,EUR,visa-4242,2027-05-07   | subscription_id is missing
            7,ada,PRO,29.00,EUR,visa-4242,2027-05-07              | email must be an address like ada@example.com, but is "ada"
            7,ada@example.com,FREE,29.00,EUR,visa-4242,2027-05-07 | plan must be BASIC, PRO, TEAM, ENTERPRISE, but is "FREE"
            7,ada@example.com,PRO,-1,EUR,visa-4242,2027-05-07     | the amount must be positive, but is -1
            7,ada@example.com,PRO,0.00,EUR,visa-4242,2027-05-07   | the amount must be positive, but is 0.00
            7,ada@example.com,PRO,1e9,EUR,visa-4242,2027-05-07    | amount must be an amount like 29.00, but is "1e9"
            7,ada@example.com,PRO,9.50,JPY,visa-4242,2027-05-07   | the amount 9.50 has more decimals than JPY
            7,ada@example.com,PRO,29.00,XYZ,visa-4242,2027-05-07  | currency must be a code like EUR, but is "XYZ"
            7,ada@example.com,PRO,29.00,EUR,4242,2027-05-07       | card must be a token like visa-4242, but is "4242"
            7,ada@example.com,PRO,29.00,EUR,visa-4242,2027-02-30  | renews_on must be a date like 2027-05-01, but is "2027-02-30"
            7,ada@example.com,PRO,29.00,EUR,visa-4242             | the row has 6 fields, but the header has 7
            7,ada@example.com,PRO,29.00,EUR,visa-4242,2027-05-07, | the row has 8 fields, but the header has 7
            42,ada@example.com,PRO,29.00,EUR,visa-4242,2027-05-07 | the subscription 42 is in line 2 already
            """)
    void badRow_isReportedByLineAndSkipped(String row, String reason) throws IOException {
        SubscriptionFile file = read(HEADER + GOOD + "\n" + row + "\n");

        assertThat(file.rejected()).containsExactly(new Rejected(4, reason));
        assertThat(file.rows()).containsExactly(new Row(2, ADA));
    }

    @Test
    void badValue_isShownShortAndHarmless() throws IOException {
        SubscriptionFile file = read(HEADER + GOOD.replace("EUR", "\u001b[31m" + "x".repeat(100)));

        assertThat(file.rejected())
                .containsExactly(
                        new Rejected(2, "currency must be a code like EUR, but is \"?[31m" + "x".repeat(35) + "...\""));
    }

    @Test
    void missingColumn_isRefused() {
        assertRefused(
                HEADER.replace("amount,", "") + GOOD,
                ":1: the column amount is missing; there must be"
                        + " subscription_id,email,plan,amount,currency,card,renews_on");
    }

    @Test
    void columnTwice_isRefused() {
        assertRefused(HEADER.replace("email", "card") + GOOD, ":1: the column email is missing");
        assertRefused(HEADER.replace("\n", ",card\n") + GOOD, ":1: the column card is there twice");
    }

    @Test
    void emptyFile_isRefused() {
        assertRefused("", " is empty");
        assertRefused("\n\n", " is empty");
    }

    @Test
    void otherEncoding_isRefusedWithTheLine() throws IOException {
        Path file = directory.resolve("latin.csv");
        Files.writeString(file, HEADER + GOOD + "43,zo\u00eb@example.com", ISO_8859_1);

        assertThatThrownBy(() -> SubscriptionFile.read(file))
                .isInstanceOf(JobException.class)
                .hasMessage(file + ":3: the file is not UTF-8 here (byte 0xEB)");
    }

    @Test
    void textThatIsNoCsv_isRefused() {
        assertRefused(HEADER + GOOD.replace("ada", "\"ada"), " is not CSV");
    }

    @Test
    void missingFileAndDirectory_areRefused() {
        assertThatThrownBy(() -> SubscriptionFile.read(directory.resolve("no.csv")))
                .isInstanceOf(JobException.class)
                .hasMessage(directory.resolve("no.csv") + " does not exist");
        assertThatThrownBy(() -> SubscriptionFile.read(directory))
                .isInstanceOf(JobException.class)
                .hasMessage(directory + " is a directory");
    }

    private void assertRefused(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(JobException.class)
                .hasMessageStartingWith(directory.resolve("subscriptions.csv") + message);
    }

    private SubscriptionFile read(String text) throws IOException {
        Path file = directory.resolve("subscriptions.csv");
        Files.writeString(file, text, UTF_8);
        return SubscriptionFile.read(file);
    }
}
