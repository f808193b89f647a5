package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.google.testing.compile.JavaFileObjects;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sources that somebody has damaged: the processor never fails on them, and what it says and writes is sound. What went wrong is
 * told by its seed and the damaged source.
 *
 * <p>System properties: {@code backops.damage.seed} is the first seed, {@code backops.damage.runs} how many follow from there.
 */
class DamagedSourceTest {

    private static final Path GOOD = Path.of("src/test/java/dev/backops/processor/OperationWriterTest.java");
    private static final Path MISTAKEN = Path.of("src/test/resources/mistakes");

    private static final Pattern COMPILED = Pattern.compile("(?s)Compiled\\.of\\((.*?)\\);\n        compiled");
    private static final Pattern TEXT_BLOCK = Pattern.compile("(?s)\"\"\"\n(.*?)\"\"\"");
    private static final Pattern TOKEN = Pattern.compile("\"[^\"\n]*\"|[\\w$]+|[^\\s\\w]");

    private static final List<String> OTHER_TOKENS = List.of("""
            ""  " "  "end"  "main"  "PT0S"  "-PT1S"  "1h"  "toString"  "a.b"  "\\u0000"  0  -1  1e300  2147483647  'x'  null  #  /*  //
            void  int  char  Object  Void  Optional  List  List<?>  Map<String, int[]>  StepRun  Params  Missing  T  <T extends T>
            ? super  []  ...  var  this  super  static  private  abstract  final  default  sealed  class  interface  @interface
            enum  record  extends Missing  implements Runnable  throws Throwable  @Step  @Jump  @Sensitive  @Default("1")
            @Missing  @Operation("x")  ünïcode""".split(" {2,}|\n"));

    /** The last two need another processor or an earlier build. */
    private static final Pattern OUR_FAULT = Pattern.compile("\\[BackOps/(Bug|LateType|StaleOutput)]");

    private final Random random = new Random();
    private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    private final StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);

    @TempDir
    private Path output;

    @AfterEach
    void closeFiles() throws IOException {
        files.close();
    }

    @Test
    void processor_neverFails() throws IOException {
        long first = Long.getLong("backops.damage.seed", 1);
        int runs = Integer.getInteger("backops.damage.runs", 120);
        List<List<String>> programs = programs();
        for (long seed = first; seed < first + runs; seed++) {
            random.setSeed(seed);
            List<JavaFileObject> damaged = damaged(oneOf(programs));
            Optional<String> problem = problem(damaged);
            if (problem.isPresent()) {
                fail("-Dbackops.damage.seed=" + seed + " -Dbackops.damage.runs=1: " + problem.get() + "\n"
                        + texts(damaged));
            }
        }
    }

    /** Those that the golden files belong to, and all mistakes. */
    private static List<List<String>> programs() throws IOException {
        List<List<String>> programs = new ArrayList<>();
        COMPILED.matcher(Files.readString(GOOD))
                .results()
                .forEach(arguments -> programs.add(TEXT_BLOCK
                        .matcher(arguments.group(1))
                        .results()
                        .map(block -> block.group(1).stripIndent())
                        .toList()));
        assertThat(programs).hasSizeGreaterThan(5).doesNotContain(List.of());
        try (Stream<Path> mistakes = Files.walk(MISTAKEN)) {
            for (Path mistake : mistakes.filter(Files::isRegularFile).sorted().toList()) {
                programs.add(List.of(Files.readString(mistake)));
            }
        }
        return programs;
    }

    private List<JavaFileObject> damaged(List<String> program) {
        List<String> damaged = new ArrayList<>(program);
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            int source = random.nextInt(damaged.size());
            damaged.set(source, damaged(damaged.get(source)));
        }
        List<JavaFileObject> files = new ArrayList<>();
        for (int i = 0; i < damaged.size(); i++) {
            // Called as before the damage.
            files.add(JavaFileObjects.forSourceString(Compiled.qualifiedName(program.get(i)), damaged.get(i)));
        }
        return files;
    }

    private String damaged(String source) {
        List<MatchResult> tokens = TOKEN.matcher(source).results().toList();
        if (tokens.size() < 2) {
            return source;
        }
        int place = random.nextInt(tokens.size() - 1);
        MatchResult token = tokens.get(place);
        MatchResult next = tokens.get(place + 1);
        String other =
                random.nextBoolean() ? oneOf(OTHER_TOKENS) : oneOf(tokens).group();
        return switch (random.nextInt(7)) {
            case 0 -> with(source, token, "");
            case 1 -> with(source, token, token.group() + " " + token.group());
            case 2 -> with(source, token, token.group() + " " + other);
            case 3 -> with(with(source, next, token.group()), token, next.group());
            case 4 -> random.nextInt(4) == 0 ? source.substring(0, token.end()) : with(source, token, other);
            case 5 -> source.replaceAll("\\b" + Pattern.quote(token.group()) + "\\b", Matcher.quoteReplacement(other));
            default -> withOtherText(source, tokens);
        };
    }

    /** With another value in place of one in quotes, as most of those of annotations are. */
    private String withOtherText(String source, List<MatchResult> tokens) {
        List<MatchResult> texts =
                tokens.stream().filter(token -> token.group().startsWith("\"")).toList();
        if (texts.isEmpty()) {
            return source;
        }
        MatchResult text = oneOf(texts);
        String other = random.nextBoolean() ? oneOf(texts).group() : oneOf(OTHER_TOKENS);
        return with(source, text, other);
    }

    private static String with(String source, MatchResult token, String other) {
        return source.substring(0, token.start()) + other + source.substring(token.end());
    }

    private static String texts(List<JavaFileObject> sources) {
        return sources.stream().map(Compiled::content).collect(Collectors.joining("\n"));
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }

    /** What is wrong with a compilation, if anything; javac's own failures are none where it fails without the processor, too. */
    private Optional<String> problem(List<JavaFileObject> sources) {
        DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
        String failure = compile(sources, List.of(new BackOpsProcessor()), diagnostics);
        if (!failure.isEmpty()
                && compile(sources, List.of(), new DiagnosticCollector<>()).isEmpty()) {
            return Optional.of(failure);
        }
        Set<String> messages = new HashSet<>();
        return diagnostics.getDiagnostics().stream()
                .filter(diagnostic ->
                        isOurFault(diagnostic, sources) || (isOurs(diagnostic) && !messages.add(diagnostic.toString())))
                .map(Diagnostic::toString)
                .findFirst();
    }

    /** Goes on behind syntax errors; returns what it prints beside diagnostics, which is the trace of its own failures. */
    private String compile(
            List<JavaFileObject> sources, List<Processor> processors, DiagnosticCollector<JavaFileObject> diagnostics) {
        StringWriter printed = new StringWriter();
        List<String> options = List.of("--should-stop=ifError=FLOW", "-XDdev", "-d", output.toString());
        JavaCompiler.CompilationTask task = compiler.getTask(printed, files, diagnostics, options, null, sources);
        task.setProcessors(processors);
        try {
            task.call();
        } catch (RuntimeException e) {
            e.printStackTrace(new PrintWriter(printed, /* autoFlush= */ true));
        }
        return printed.toString();
    }

    private static boolean isOurs(Diagnostic<? extends JavaFileObject> diagnostic) {
        return diagnostic.getMessage(Locale.ROOT).startsWith("[BackOps/");
    }

    private static boolean isOurFault(Diagnostic<? extends JavaFileObject> diagnostic, List<JavaFileObject> sources) {
        boolean generated = diagnostic.getSource() != null && !sources.contains(diagnostic.getSource());
        return (generated && diagnostic.getKind() == Diagnostic.Kind.ERROR)
                || OUR_FAULT.matcher(diagnostic.getMessage(Locale.ROOT)).find();
    }
}
