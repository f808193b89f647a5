package dev.backops.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the component that says where a step jumps, in a record of outputs that the step returns.
 *
 * <p>Its type is an enum with one constant per target of {@link Step#jumpsTo()}. A missing one, where the component is
 * {@code @Nullable} or an {@link java.util.Optional}, goes on without a jump. It is not kept as an output.
 *
 * <pre>{@code
 * enum Next { REVIEW }
 *
 * record Charge(String transactionId, long cents, @Jump Optional<Next> next) {}
 *
 * @Step(jumpsTo = "review")
 * Charge chargeCreditCard(long subscriptionId) { … }
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.RECORD_COMPONENT)
public @interface Jump {}
