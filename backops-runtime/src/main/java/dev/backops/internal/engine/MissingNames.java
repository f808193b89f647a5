package dev.backops.internal.engine;

import dev.backops.internal.store.WorkStore.Unfinished;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says at the start of a process which names of waiting operations its code does not have, and what to do about each. */
final class MissingNames {

    private static final Logger log = LoggerFactory.getLogger(MissingNames.class);

    private MissingNames() {}

    /** One warning for each name, with the number of operations that wait for it. */
    static void warn(List<Unfinished> others, Registry registry) {
        Map<String, Long> warnings = new TreeMap<>();
        for (Unfinished one : others) {
            Registry.Lack lack = registry.lacks().get(one.definition());
            if (lack != null) {
                lack.steps().forEach(step -> warnings.merge(step(one, step), one.count(), Long::sum));
                lack.values().forEach(value -> warnings.merge(value(one, value), one.count(), Long::sum));
            } else if (!one.known() && !registry.storedNames().contains(one.name())) {
                warnings.merge(operation(one), one.count(), Long::sum);
            }
        }
        warnings.forEach((text, count) -> log.warn("{} {}", count, text));
    }

    private static String step(Unfinished one, String step) {
        return "unfinished operations of " + one.name() + " were enqueued with a step " + step
                + ", which this code does not have; it leaves them alone. Say formerly = \"" + step
                + "\" on the step that took its place, or keep the old one until they are done.";
    }

    private static String value(Unfinished one, String value) {
        return "unfinished operations of " + one.name() + " were enqueued without " + value
                + ", which a step of this code reads; it leaves them alone. Say formerly on " + value
                + " if it had another name, give the param a @Default, or take it as @Nullable.";
    }

    private static String operation(Unfinished one) {
        return "unfinished operations are named " + one.name()
                + ", which no live process runs. Say formerly = \"" + one.name()
                + "\" on the operation that took its place, or register it in some process.";
    }
}
