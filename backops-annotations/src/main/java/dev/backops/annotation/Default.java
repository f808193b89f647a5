package dev.backops.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of a param in operations that were stored before {@code Params} had the component.
 *
 * <p>A new component that may not be missing would otherwise leave operations behind that the new code cannot run. It is no
 * default for enqueueing, which always passes all params; and it cannot stand at a component that is {@code @Nullable} or an
 * {@link java.util.Optional}, since those operations are then simply without. It is nowhere stored either: a search for the
 * value finds operations that were enqueued with it, and none from before.
 *
 * <pre>{@code
 * record Params(long customerId, @Default("EUR") Currency currency) {}
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {

    /**
     * The value as text, checked at compile time: {@code "3"}, {@code "true"}, the name of an enum constant, the text itself
     * for a {@link String}, what {@code toString} writes for all other types; for a record of one component, that of the
     * component. A collection may only be empty, {@code "[]"} for a list or set and {@code "{}"} for a map.
     */
    String value();
}
