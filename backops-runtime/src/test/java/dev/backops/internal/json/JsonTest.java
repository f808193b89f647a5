package dev.backops.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backops.testkit.Hostile;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    @ParameterizedTest
    @ValueSource(strings = {"@class", "@type", "@c", "class", "$type", "@id"})
    void typeHints_areTextsLikeAnyOther(String hint) {
        String stored =
                "{\"" + hint + "\": \"java.lang.ProcessBuilder\", \"list\": [\"java.util.HashMap\", {\"a\": 1}]}";

        assertThat(Json.readObject(stored))
                .isEqualTo(
                        Map.of(hint, "java.lang.ProcessBuilder", "list", List.of("java.util.HashMap", Map.of("a", 1))));
    }

    @Test
    void objects_thatAreNoJson_areNotLookedInto() {
        assertThatThrownBy(() -> Storable.value("\"plan\"", List.of(new Hostile.Bean())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"plan\" holds a " + Hostile.Bean.class.getName());
    }
}
