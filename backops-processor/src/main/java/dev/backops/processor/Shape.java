package dev.backops.processor;

import com.palantir.javapoet.CodeBlock;
import java.util.List;
import java.util.Set;

/** Whether and how values of a type are stored. */
sealed interface Shape {

    /**
     * A simple type.
     *
     * @param valueType an expression that is its {@code ValueType}
     * @param privacy what the component of a record of one says
     * @param accessibility who can name the enum or record, also inside a collection
     */
    record Simple(CodeBlock valueType, Kind kind, Privacy privacy, Accessibility accessibility) implements Shape {}

    /**
     * A type that cannot be stored.
     *
     * @param nameable whether generated code can name it all the same, without a warning
     */
    record Refused(Refusal refusal, boolean nameable) implements Shape {

        Refused(Refusal refusal) {
            this(refusal, refusal.isNameable());
        }
    }

    /** A type that generated code cannot name, because {@code typeName} is private or in another package. */
    record Hidden(String typeName) implements Shape {}

    /**
     * A type that does not exist, or not yet.
     *
     * @param names what it is made of that does not exist
     */
    record Missing(Set<String> names) implements Shape {

        public Missing {
            names = Set.copyOf(names);
        }
    }

    /** What the values of a simple type are like; those of a record of one component, like that. */
    sealed interface Kind {

        /** One value, of the type that a constant of {@code Types} stands for. */
        record Scalar(String constant) implements Kind {}

        /** One of some constants. */
        record Constants(List<String> names) implements Kind {

            public Constants {
                names = List.copyOf(names);
            }
        }

        /**
         * Any number of values.
         *
         * @param name {@code List}, {@code Set} or {@code Map}
         */
        record Collection(String name, Kind element) implements Kind {

            boolean isMap() {
                return name.equals("Map");
            }
        }
    }
}
