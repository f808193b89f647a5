package dev.backops.benchmarks;

import dev.backops.BackOps;
import dev.backops.annotation.Operation;
import dev.backops.processor.BackOpsProcessor;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Measures what the processor adds to the compilation of operations of eight steps, and prints the median per operation with
 * the least and the most.
 *
 * <p>Each round compiles the same operations three times with javac in this process: without a processor, but together with
 * the sources that it generates; with the processor; and with one that writes those same sources from memory. All three stop
 * once javac has attributed the code, because what follows is the same in all, and takes long. So the second less the first is
 * what the processor adds: its own work, the files that it writes, and the further rounds of javac. The third less the first is
 * what any processor adds that generates as much. The part inside the methods of the processor is printed beside both.
 *
 * <p>The times are processor times of the one thread on which javac does all of this, so that other work on the machine weighs
 * less; where a second core is free for the collector and the JIT compiler, they are what the clock on the wall would show.
 *
 * <p>Arguments: the number of rounds for each number of operations (default 5), and the largest number of operations (default
 * 1,000), which is halved three times to begin with.
 */
public final class CompileBenchmark {

    private static final String SOURCE = """
            package shop.part%2$d;

            import dev.backops.annotation.*;
            import java.math.BigDecimal;
            import java.time.Instant;

            /** Fulfils what a customer has ordered. */
            @Operation("shop.fulfillment%1$d")
            public class Fulfillment%1$d {

                public record Params(long orderId, String email, Plan plan, BigDecimal amount, Instant renewsAt) {}

                public enum Plan { SMALL, LARGE }

                public record Account(String number, String region) {}

                @Step(output = "transactionId", onFailure = "refund", retry = @Retry(maxAttempts = 3, backoff = "PT2S"))
                String charge(long orderId, BigDecimal amount) { return "charge-" + orderId; }

                @Step(output = "account")
                Account openAccount(String email, Plan plan) { return new Account(email, plan.name()); }

                @Step(timeout = "PT30S")
                void sendReceipt(String email, String transactionId, String accountNumber) {}

                @Step(output = "invoiceId")
                long bookInvoice(long orderId, BigDecimal amount, String transactionId) { return orderId; }

                @Step
                void notifyPartner(String accountRegion, Fulfillment%1$dContext context) {}

                @Step(output = "reminder", at = "renewsAt")
                String remind(String email, Instant renewsAt) { return email; }

                @Step(delay = "PT24H")
                void survey(String email, String reminder) {}

                @Step(branch = "refund")
                void apologise(long orderId, String email) {}
            }
            """;

    private static final int OPERATIONS_PER_PACKAGE = 25;

    private static final String ATTRIBUTED = "--should-stop=ifNoError=ATTR";
    private static final String WHOLE = "--should-stop=ifNoError=GENERATE";

    private final int rounds;
    private final int mostOperations;

    CompileBenchmark(int rounds, int mostOperations) {
        this.rounds = rounds;
        this.mostOperations = mostOperations;
    }

    public static void main(String[] arguments) throws IOException {
        int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
        int mostOperations = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000;
        new CompileBenchmark(rounds, mostOperations).run(System.out);
    }

    /** Runs all rounds and prints the figures; returns those of the largest number of operations. */
    List<Round> run(PrintStream out) throws IOException {
        int fewest = mostOperations / 8;
        out.printf(
                "javac %s on %d cores, %d rounds; CPU ms per operation of 8 steps: median (least to most)%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), rounds);
        Size size = measure(fewest, 0);
        out.printf(
                "inside the processor, in the first compilation of the JVM, of %d operations: %.2f%n",
                fewest, size.firstInside());
        out.printf(
                "%10s  %-11s%-24s%-24s%-24s%-24s%n",
                "operations",
                "whole javac",
                "the processor adds",
                "inside the processor",
                "writing the same adds",
                "inside writing the same");
        for (int operations = fewest; operations <= mostOperations; operations *= 2) {
            size = measure(operations, rounds);
            print(out, operations, size);
        }
        return size.rounds();
    }

    private static Size measure(int operations, int rounds) throws IOException {
        Path directory = Files.createTempDirectory("backops-compile");
        try {
            List<Path> sources = writeSources(directory.resolve("sources"), operations);
            Path generated = directory.resolve("generated");
            TimedProcessor first = new TimedProcessor(new BackOpsProcessor());
            compile(sources, generated, first, ATTRIBUTED);
            Map<String, String> texts = texts(generated);
            List<Path> both = new ArrayList<>(sources);
            both.addAll(javaFiles(generated));
            List<Round> measured = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                TimedProcessor processor = new TimedProcessor(new BackOpsProcessor());
                TimedProcessor writer = new TimedProcessor(new RewritingProcessor(texts));
                double without = compile(both, directory.resolve("without" + i), null, ATTRIBUTED);
                double with = compile(sources, directory.resolve("with" + i), processor, ATTRIBUTED);
                double writing = compile(sources, directory.resolve("writing" + i), writer, ATTRIBUTED);
                measured.add(new Round(
                        (with - without) / operations,
                        processor.millis() / operations,
                        (writing - without) / operations,
                        writer.millis() / operations));
            }
            double whole = rounds == 0 ? 0 : compile(both, directory.resolve("whole"), null, WHOLE) / operations;
            return new Size(first.millis() / operations, whole, measured);
        } finally {
            delete(directory);
        }
    }

    private static List<Path> writeSources(Path directory, int operations) throws IOException {
        List<Path> sources = new ArrayList<>();
        for (int i = 0; i < operations; i++) {
            int part = i / OPERATIONS_PER_PACKAGE;
            Path file = directory.resolve("shop/part" + part + "/Fulfillment" + i + ".java");
            Files.createDirectories(file.getParent());
            sources.add(Files.writeString(file, SOURCE.formatted(i, part)));
        }
        return sources;
    }

    /** Compiles without a word of javac, or throws what it says; returns the milliseconds of processor time. */
    private static double compile(List<Path> sources, Path output, @Nullable Processor processor, String stop)
            throws IOException {
        Files.createDirectory(output);
        List<String> options = List.of("-d", output.toString(), "-cp", classPath(), "-Xlint:none", stop);
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        long start = cpuNanos();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, null, null)) {
            JavaCompiler.CompilationTask task = compiler.getTask(
                    null, files, diagnostics, options, null, files.getJavaFileObjectsFromPaths(sources));
            task.setProcessors(Stream.ofNullable(processor).toList());
            task.call();
        }
        double millis = (cpuNanos() - start) / 1e6;
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
            throw new IllegalStateException(diagnostic.toString());
        }
        return millis;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    /** What generated code names. */
    private static String classPath() {
        return Stream.of(Operation.class, BackOps.class, Handle.class, NullMarked.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<Path> javaFiles(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    /** What was generated, by the names of the types. */
    private static Map<String, String> texts(Path generated) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Path file : javaFiles(generated)) {
            String path = generated.relativize(file).toString();
            texts.put(
                    path.substring(0, path.length() - ".java".length()).replace(File.separatorChar, '.'),
                    Files.readString(file));
        }
        return texts;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void print(PrintStream out, int operations, Size size) {
        out.printf(
                "%,10d  %-11.2f%-24s%-24s%-24s%-24s%n",
                operations,
                size.whole(),
                figures(size.rounds(), Round::added),
                figures(size.rounds(), Round::inside),
                figures(size.rounds(), Round::writingAdded),
                figures(size.rounds(), Round::writingInside));
    }

    private static String figures(List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return "%.2f (%.2f to %.2f)".formatted(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    /**
     * What was measured with one number of operations, in milliseconds per operation.
     *
     * @param firstInside what the first compilation spends in the methods of the processor
     * @param whole what operations and generated code take to compile from the first to the last step of javac, without the
     *     processor
     */
    record Size(double firstInside, double whole, List<Round> rounds) {

        Size {
            rounds = List.copyOf(rounds);
        }
    }

    /**
     * What one round measured, in milliseconds per operation.
     *
     * @param added what the compilation with the processor takes beyond the one without
     * @param inside what the compilation spends in the methods of the processor
     * @param writingAdded what the compilation takes beyond the one without where the same files are only written
     * @param writingInside what that spends in the methods of the processor that writes
     */
    record Round(double added, double inside, double writingAdded, double writingInside) {}

    /** Writes texts as they are, in the first round. */
    @SupportedAnnotationTypes("dev.backops.annotation.*")
    private static final class RewritingProcessor extends AbstractProcessor {

        private final Map<String, String> texts;

        RewritingProcessor(Map<String, String> texts) {
            this.texts = new LinkedHashMap<>(texts);
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return SourceVersion.latestSupported();
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            texts.forEach(this::write);
            texts.clear();
            return false;
        }

        private void write(String name, String text) {
            try (Writer writer = processingEnv.getFiler().createSourceFile(name).openWriter()) {
                writer.write(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A processor, and how long it is at work. */
    private static final class TimedProcessor extends AbstractProcessor {

        private final Processor processor;
        private long nanos;

        TimedProcessor(Processor processor) {
            this.processor = processor;
        }

        @Override
        public Set<String> getSupportedAnnotationTypes() {
            return processor.getSupportedAnnotationTypes();
        }

        @Override
        public SourceVersion getSupportedSourceVersion() {
            return processor.getSupportedSourceVersion();
        }

        @Override
        public synchronized void init(ProcessingEnvironment environment) {
            super.init(environment);
            processor.init(environment);
        }

        @Override
        public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
            long start = cpuNanos();
            processor.process(annotations, round);
            nanos += cpuNanos() - start;
            return false;
        }

        double millis() {
            return nanos / 1e6;
        }
    }
}
