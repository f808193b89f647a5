package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.palantir.javapoet.ClassName;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TypeNamesTest {

    /** The processor knows annotations and runtime by name only, so nothing else would notice a renamed one. */
    @Test
    void everyName_isThatOfAType() throws IllegalAccessException {
        for (Field field : TypeNames.class.getDeclaredFields()) {
            Object value = field.get(null);
            if (value instanceof ClassName name) {
                assertThatCode(() -> Class.forName(name.reflectionName())).doesNotThrowAnyException();
            } else if (value instanceof String name && !name.endsWith("*")) {
                assertThatCode(() -> Class.forName(name)).doesNotThrowAnyException();
            }
        }
    }

    @Test
    void gradle_isToldThatTheProcessorIsolates() throws Exception {
        try (var file = Objects.requireNonNull(
                getClass().getResourceAsStream("/META-INF/gradle/incremental.annotation.processors"))) {
            assertThat(new String(file.readAllBytes(), StandardCharsets.UTF_8)
                            .strip()
                            .toLowerCase(Locale.ROOT))
                    .isEqualTo(BackOpsProcessor.class.getName().toLowerCase(Locale.ROOT) + ",isolating");
        }
    }
}
