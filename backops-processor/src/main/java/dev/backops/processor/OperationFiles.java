package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.JavaFile;
import com.palantir.javapoet.TypeSpec;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.annotation.processing.Filer;
import javax.annotation.processing.FilerException;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.JavaFileObject;

/**
 * Writes the generated types, unless something else bears their names; says so once errors may be reported.
 *
 * <p>Printing takes JavaPoet a fifth of the processor's time and asks nothing of the compiler, so another thread does it
 * while this one goes on with the next operation; {@link #finishRound} waits for it.
 */
final class OperationFiles {

    private final Filer filer;
    private final Executor printer = printer();
    private final List<Printing> printings = new ArrayList<>();
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

    /** Whether a class is one of this compilation, and not of a class file. */
    boolean isSource(TypeElement type) {
        return sources.contains(ClassName.get(type).topLevelClassName().canonicalName());
    }

    /** Writes a type beside one of the user's. What cannot be written is reported by {@link #report}. */
    void write(ClassDeclaration source, GeneratedHeader header, ClassName name, TypeSpec.Builder type)
            throws IOException {
        String owner = source.names().source().canonicalName();
        String writtenFor = written.get(name.canonicalName());
        if (writtenFor != null && !writtenFor.equals(owner)) {
            addProblem(
                    owner,
                    "ClashingName",
                    source.simpleName() + " and " + writtenFor + " both generate " + name.simpleName() + ".",
                    "Rename one of them.");
        } else if (writtenFor == null && sources.contains(name.canonicalName())) {
            addProblem(
                    owner,
                    "ClashingName",
                    source.simpleName() + " generates " + name.simpleName() + ", but there is a class of that name.",
                    "Rename one of them.");
        } else {
            tryWrite(source, header, name, type);
        }
    }

    private void tryWrite(ClassDeclaration source, GeneratedHeader header, ClassName name, TypeSpec.Builder type)
            throws IOException {
        String owner = source.names().source().canonicalName();
        try {
            JavaFileObject target = filer.createSourceFile(name.canonicalName(), source.element());
            JavaFile file = GeneratedFile.of(type, header);
            printings.add(new Printing(owner, target, CompletableFuture.supplyAsync(file::toString, printer)));
            written.put(name.canonicalName(), owner);
        } catch (FilerException e) {
            addProblem(
                    owner,
                    "StaleOutput",
                    source.simpleName() + " generates " + name.simpleName() + ", which the compiler has already: "
                            + e.getMessage(),
                    "Clean and rebuild. If it comes back, another processor generates the same name.");
        }
    }

    /** Brings to disk what was written since the last time. What fails in one file does not stop the others. */
    void finishRound(ProcessorFailures failures) {
        printings.forEach(printing -> failures.guard(printing.owner(), printing::finish));
        printings.clear();
    }

    /** Whether a type has been written for one of the user's. */
    boolean hasWritten(ClassDeclaration source, ClassName name) {
        return source.names().source().canonicalName().equals(written.get(name.canonicalName()));
    }

    /** Adds what could not be written beside a type to its report. */
    void report(ClassDeclaration source, Report report) {
        Problem problem = problems.get(source.names().source().canonicalName());
        if (problem != null) {
            report.error(problem.id(), source.place(), problem.lines().toArray(String[]::new));
        }
    }

    /** Once per class: what is in the way of one of its files is mostly in the way of all. */
    private void addProblem(String owner, String id, String... lines) {
        problems.putIfAbsent(owner, new Problem(id, List.of(lines)));
    }

    /** One thread, which ends when it is idle: a compiler that stops early does not say so. */
    private static Executor printer() {
        ThreadPoolExecutor printer =
                new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "backops-printer");
                    thread.setDaemon(true);
                    return thread;
                });
        printer.allowCoreThreadTimeOut(true);
        return printer;
    }

    private record Printing(String owner, JavaFileObject target, CompletableFuture<String> text) {

        /** In one piece: JavaPoet itself writes thousands, each of which costs. */
        void finish() throws IOException {
            try (Writer writer = target.openWriter()) {
                writer.write(text.join());
            } catch (IOException e) {
                target.delete();
                throw e;
            }
        }
    }

    private record Problem(String id, List<String> lines) {}
}
