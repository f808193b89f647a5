package dev.backops.benchmarks;

import dev.backops.BackOps;
import dev.backops.annotation.Operation;
import dev.backops.processor.BackOpsProcessor;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.RoundEnvironment;
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

/**
 * Measures what the processor adds to the compilation of operations of eight steps, and prints the median per operation with
 * the least and the most.
 *
 * <p>Each round compiles the same operations twice with javac in this process: once with the processor, and once without it but
 * together with the sources that it generated before. So what the generated code takes to compile is in both, and the
 * difference is what the processor adds: its own work, the files that it writes, and the further rounds of javac. The part
 * inside its own methods is printed beside it. The times are processor times of the one thread on which javac does all of this, so
 * that other work on the machine weighs little; where a second core is free for the collector and the JIT compiler, they are
 * what the clock on the wall would show.
 *
 * <p>Arguments: the number of rounds for each number of operations (default 5), and the largest number of operations (default
 * 1,000), which is then halved three times. One round before them warms up.
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
        out.printf(
                "javac %s on %d cores, %d rounds; CPU ms per operation of 8 steps: median (least to most)%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors(), rounds);
        Round first = round(mostOperations / 2);
        out.printf("inside the processor, in the first compilation of the JVM: %.2f%n", first.inside());
        out.printf(
                "%10s  %-24s%-24s%-24s%n",
                "operations", "without the processor", "the processor adds", "inside the processor");
        List<Round> results = List.of();
        for (int operations = mostOperations / 8; operations <= mostOperations; operations *= 2) {
            List<Round> ofSize = new ArrayList<>();
            for (int i = 0; i < rounds; i++) {
                ofSize.add(round(operations));
            }
            print(out, operations, ofSize);
            results = ofSize;
        }
        return results;
    }

    private static Round round(int operations) throws IOException {
        Path directory = Files.createTempDirectory("backops-compile");
        try {
            List<Path> sources = writeSources(directory.resolve("sources"), operations);
            Path generated = Files.createDirectory(directory.resolve("generated"));
            TimedProcessor processor = new TimedProcessor();
            double with = compile(sources, directory.resolve("with"), List.of(processor), "-s", generated.toString());
            List<Path> both = new ArrayList<>(sources);
            both.addAll(javaFiles(generated));
            double without = compile(both, directory.resolve("without"), List.of(), "-proc:none");
            return new Round(without / operations, (with - without) / operations, processor.millis() / operations);
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
    private static double compile(
            List<Path> sources, Path classes, List<TimedProcessor> processors, String... moreOptions)
            throws IOException {
        Files.createDirectory(classes);
        List<String> options = new ArrayList<>(List.of("-d", classes.toString(), "-cp", classPath()));
        options.addAll(List.of(moreOptions));
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        long start = cpuNanos();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(diagnostics, null, null)) {
            JavaCompiler.CompilationTask task = compiler.getTask(
                    null, files, diagnostics, options, null, files.getJavaFileObjectsFromPaths(sources));
            task.setProcessors(processors);
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

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void print(PrintStream out, int operations, List<Round> rounds) {
        out.printf(
                "%,10d  %-24s%-24s%-24s%n",
                operations,
                figures(rounds, Round::without),
                figures(rounds, Round::added),
                figures(rounds, Round::inside));
    }

    private static String figures(List<Round> rounds, ToDoubleFunction<Round> figure) {
        double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
        return "%.2f (%.2f to %.2f)".formatted(sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
    }

    /**
     * What one round measured, in milliseconds per operation.
     *
     * @param without what sources and generated sources take to compile without the processor
     * @param added what the compilation with the processor takes beyond that
     * @param inside what the compilation spends in the methods of the processor
     */
    record Round(double without, double added, double inside) {}

    /** The processor, and how long it is at work. */
    private static final class TimedProcessor extends AbstractProcessor {

        private final BackOpsProcessor processor = new BackOpsProcessor();
        private long nanos;

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
