package dev.backops.processor;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.annotation.processing.Messager;
import javax.tools.Diagnostic;

/** What was found in one class. It is printed once the class has been seen whole. */
final class Report {

    private final List<Finding> findings = new ArrayList<>();

    /** Adds an error: first what is wrong, then, in further lines, what to do. */
    void error(String id, Place place, String... lines) {
        findings.add(new Finding(Diagnostic.Kind.ERROR, id, List.of(lines), place));
    }

    /** Adds a warning, which {@code @SuppressWarnings} may silence. */
    void warning(String id, Place place, String... lines) {
        findings.add(new Finding(Diagnostic.Kind.WARNING, id, List.of(lines), place));
    }

    boolean isEmpty() {
        return findings.isEmpty();
    }

    boolean hasErrors() {
        return findings.stream().anyMatch(Finding::isError);
    }

    /** The kinds of the errors found. */
    Set<String> errorIds() {
        return findings.stream().filter(Finding::isError).map(Finding::id).collect(Collectors.toSet());
    }

    /** Forgets what was found of these kinds at one place, because it is reported elsewhere. */
    void forget(Place place, Set<String> ids) {
        findings.removeIf(finding -> finding.place().equals(place) && ids.contains(finding.id()));
    }

    /** Whether an error of one of these kinds was found. */
    boolean hasError(Set<String> ids) {
        return findings.stream().anyMatch(finding -> finding.isError() && ids.contains(finding.id()));
    }

    /** Whether something of this kind was found whose first line ends like that. */
    boolean says(String id, String end) {
        return findings.stream()
                .anyMatch(finding ->
                        finding.id().equals(id) && finding.lines().get(0).endsWith(end));
    }

    void print(Messager messager) {
        for (Finding finding : findings) {
            if (!finding.isSuppressed()) {
                Place place = finding.place();
                messager.printMessage(
                        finding.kind(), finding.text(), place.element(), place.annotation(), place.value());
            }
        }
    }
}
