package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.annotation.processing.Filer;
import javax.annotation.processing.FilerException;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/** Writes the generated types, unless something else bears their names; says so once errors may be reported. */
final class OperationFiles {

    private final Filer filer;
    private final Set<String> sources = new HashSet<>();
    private final Map<String, String> written = new HashMap<>();
    private final Map<String, List<Problem>> problems = new LinkedHashMap<>();

    OperationFiles(Filer filer) {
        this.filer = filer;
    }

    /** Remembers the names of the classes of this compilation, generated ones included. */
    void addSources(Set<? extends Element> rootElements) {
        for (Element element : rootElements) {
            if (element instanceof TypeElement type) {
                sources.add(type.getQualifiedName().toString());
            }
        }
    }

    /** Writes a type. One that cannot be written is reported by {@link #report}. */
    void write(OperationDeclaration operation, ClassName name, TypeSpec.Builder type) throws IOException {
        String owner = operation.names().source().canonicalName();
        String taken = written.getOrDefault(name.canonicalName(), owner);
        boolean clashes = !taken.equals(owner)
                || (sources.contains(name.canonicalName()) && !written.containsKey(name.canonicalName()));
        if (clashes) {
            addProblem(
                    owner,
                    "ClashingName",
                    name.simpleName() + " is what " + operation.simpleName() + " generates, but "
                            + (taken.equals(owner) ? "there is a class of that name." : "so does " + taken + "."),
                    "Rename one of them.");
            return;
        }
        try {
            GeneratedFile.write(type, GeneratedHeader.of(operation), operation.element(), filer);
            written.put(name.canonicalName(), owner);
        } catch (FilerException e) {
            addProblem(
                    owner,
                    "StaleOutput",
                    name.simpleName() + " cannot be generated, because the compiler has it already: " + e.getMessage(),
                    "Clean and rebuild. If it comes back, another processor generates the same name.");
        }
    }

    /** Whether a type has been written for an operation. */
    boolean hasWritten(OperationDeclaration operation, ClassName name) {
        return operation.names().source().canonicalName().equals(written.get(name.canonicalName()));
    }

    /** Adds what could not be written to the report of an operation. */
    void report(OperationDeclaration operation, Report report) {
        problems.getOrDefault(operation.names().source().canonicalName(), List.of())
                .forEach(problem -> report.error(
                        problem.id(),
                        Place.of(operation.element()),
                        problem.lines().toArray(String[]::new)));
    }

    private void addProblem(String owner, String id, String... lines) {
        problems.computeIfAbsent(owner, key -> new ArrayList<>()).add(new Problem(id, List.of(lines)));
    }

    private record Problem(String id, List<String> lines) {}
}
