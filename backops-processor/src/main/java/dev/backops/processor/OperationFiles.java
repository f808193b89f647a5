package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.TypeSpec;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
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
    private final Map<String, Problem> problems = new HashMap<>();

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
        String writtenFor = written.get(name.canonicalName());
        if (writtenFor != null && !writtenFor.equals(owner)) {
            addProblem(
                    owner,
                    "ClashingName",
                    operation.simpleName() + " and " + writtenFor + " both generate " + name.simpleName() + ".",
                    "Rename one of them.");
        } else if (writtenFor == null && sources.contains(name.canonicalName())) {
            addProblem(
                    owner,
                    "ClashingName",
                    operation.simpleName() + " generates " + name.simpleName() + ", but there is a class of that name.",
                    "Rename one of them.");
        } else {
            tryWrite(operation, name, type);
        }
    }

    private void tryWrite(OperationDeclaration operation, ClassName name, TypeSpec.Builder type) throws IOException {
        String owner = operation.names().source().canonicalName();
        try {
            GeneratedFile.write(type, GeneratedHeader.of(operation), operation.element(), filer);
            written.put(name.canonicalName(), owner);
        } catch (FilerException e) {
            addProblem(
                    owner,
                    "StaleOutput",
                    operation.simpleName() + " generates " + name.simpleName() + ", which the compiler has already: "
                            + e.getMessage(),
                    "Clean and rebuild. If it comes back, another processor generates the same name.");
        }
    }

    /** Whether a type has been written for an operation. */
    boolean hasWritten(OperationDeclaration operation, ClassName name) {
        return operation.names().source().canonicalName().equals(written.get(name.canonicalName()));
    }

    /** Adds what could not be written to the report of an operation. */
    void report(OperationDeclaration operation, Report report) {
        Problem problem = problems.get(operation.names().source().canonicalName());
        if (problem != null) {
            report.error(
                    problem.id(), Place.of(operation.element()), problem.lines().toArray(String[]::new));
        }
    }

    /** Once per class: what is in the way of one of its files is mostly in the way of all. */
    private void addProblem(String owner, String id, String... lines) {
        problems.putIfAbsent(owner, new Problem(id, List.of(lines)));
    }

    private record Problem(String id, List<String> lines) {}
}
