package dev.backops.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes lookups by a component of {@code Params} fast, however many operations are stored.
 *
 * <p>Without it, a search by the param reads every operation that its other conditions leave over. The index costs some time
 * with each enqueue; it is built in the background after a start, without keeping anyone waiting. Not for collections: an
 * index finds equal values.
 *
 * <pre>{@code
 * record Params(@Indexed long customerId, YearMonth month) {}
 *
 * invoices.find(FAILED).customerId(42L).list();
 * }</pre>
 */
@Documented
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.RECORD_COMPONENT)
public @interface Indexed {}
