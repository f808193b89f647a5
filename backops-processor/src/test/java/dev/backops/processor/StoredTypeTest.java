package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backops.codegen.Types;
import dev.backops.codegen.ValueType;
import java.lang.reflect.Field;
import org.junit.jupiter.api.Test;

class StoredTypeTest {

    @Test
    void scalars_areCalledAsInStoredDefinitions() throws IllegalAccessException {
        for (Field field : Types.class.getFields()) {
            ValueType<?> type = (ValueType<?>) field.get(null);
            assertThat(StoredType.of(new Shape.Kind.Scalar(field.getName())).text())
                    .isEqualTo(type.name());
        }
        assertThat(Types.class.getFields()).hasSizeGreaterThan(20);
    }
}
