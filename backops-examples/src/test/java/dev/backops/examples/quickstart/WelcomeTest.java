package dev.backops.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class WelcomeTest {

    @Test
    void main_runsBothSteps() throws Exception {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream before = System.out;
        System.setOut(new PrintStream(printed, /* autoFlush= */ true, UTF_8));
        try {
            Welcome.main(new String[0]);
        } finally {
            System.setOut(before);
        }
        assertThat(printed.toString(UTF_8))
                .hasLineCount(2)
                .contains("Mail to ada@example.com: your coupon is WELCOME-42")
                .contains("Operation 1 is completed");
    }

    @Test
    void createCoupon_bearsTheCustomer() {
        assertThat(new Welcome().createCoupon(7)).isEqualTo("WELCOME-7");
    }
}
