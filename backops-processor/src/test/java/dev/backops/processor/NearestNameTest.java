package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

    @ParameterizedTest
    @CsvSource({"bleu, blue", "RED, red", "rde, red", "sendReciept, sendReceipt", "x,", "green,", "'',"})
    void of_findsWhatWasMeant(String name, String nearest) {
        assertThat(NearestName.of(name, List.of("red", "blue", "sendReceipt")).orElse(null))
                .isEqualTo(nearest);
    }
}
