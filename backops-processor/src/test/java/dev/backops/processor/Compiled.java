package dev.backops.processor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.Compiler;
import com.google.testing.compile.JavaFileObjects;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.annotation.processing.Processor;
import javax.tools.Diagnostic;
import javax.tools.JavaFileObject;

/** What javac made of some sources, with assertions about it. */
final class Compiled {

    private static final Pattern PACKAGE = Pattern.compile("(?mU)^package ([\\w.]+);");
    private static final Pattern TYPE = Pattern.compile("(?U)(?:class|record|enum|interface|module) ([\\w.]+)");
    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    private final Compilation compilation;

    private Compiled(Compilation compilation) {
        this.compilation = compilation;
    }

    /**
     * Compiles with every warning switched on, each of which is an error; but for the one that asks for a processor of
     * every annotation.
     */
    static Compiled of(String... sources) {
        return with(List.of("-Xlint:all,-processing", "-Werror"), List.of(new BackOpsProcessor()), sources);
    }

    /** Compiles on behind errors, as Error Prone and the Eclipse compiler do, so that none stays hidden behind another. */
    static Compiled wrong(String... sources) {
        return with(List.of("--should-stop=ifError=FLOW"), List.of(new BackOpsProcessor()), sources);
    }

    /** The class {@code Fulfillment} with this body, and all imports it may need. */
    static String fulfillment(String body) {
        return """
                package demo;

                import dev.backops.*;
                import dev.backops.annotation.*;
                import java.math.*;
                import java.time.*;
                import java.util.*;
                import java.util.concurrent.*;
                import java.util.function.*;
                import java.util.stream.*;
                import org.jspecify.annotations.*;

                @dev.backops.annotation.Operation("fulfillment")
                class Fulfillment {
                """ + body.indent(4) + "}\n";
    }

    static Compiled with(List<String> options, List<? extends Processor> processors, String... sources) {
        return new Compiled(Compiler.javac()
                .withOptions(options)
                .withProcessors(processors)
                .compile(Arrays.stream(sources).map(Compiled::file).toList()));
    }

    Compiled succeeds() {
        assertThat(messages()).isEmpty();
        assertThat(compilation.status()).isEqualTo(Compilation.Status.SUCCESS);
        return this;
    }

    /** Fails with exactly one error, in this text of the source (the line is the one that contains it), with this message. */
    void failsAt(String code, String... lines) {
        fails(Problem.at(code, lines));
    }

    /** Fails with exactly these errors. */
    void fails(Problem... problems) {
        assertThat(compilation.status()).isEqualTo(Compilation.Status.FAILURE);
        assertThat(errors())
                .containsExactlyInAnyOrder(
                        Arrays.stream(problems).map(Problem::text).toArray(String[]::new));
    }

    /** Warns exactly once, without failing. */
    void warnsAt(String code, String... lines) {
        assertThat(compilation.status()).isEqualTo(Compilation.Status.SUCCESS);
        assertThat(texts(compilation.warnings()))
                .containsExactly(Problem.at(code, lines).text());
    }

    List<String> errors() {
        return texts(compilation.errors());
    }

    /** The generated source of a type. */
    String source(String qualifiedName) {
        return compilation
                .generatedSourceFile(qualifiedName)
                .map(Compiled::content)
                .orElseThrow(() -> new AssertionError(qualifiedName + " was not generated"));
    }

    /** Loads and initializes a class. */
    void initialize(String qualifiedName) throws ClassNotFoundException {
        Map<String, byte[]> classes = new HashMap<>();
        for (JavaFileObject file : compilation.generatedFiles()) {
            if (file.getKind() == JavaFileObject.Kind.CLASS) {
                String name = file.getName()
                        .replaceAll("^/CLASS_OUTPUT/|\\.class$", "")
                        .replace('/', '.');
                classes.put(name, bytes(file));
            }
        }
        Class.forName(qualifiedName, true, new ClassLoader(Compiled.class.getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                byte[] code = classes.get(name);
                if (code == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, code, 0, code.length);
            }
        });
    }

    private static byte[] bytes(JavaFileObject file) {
        try (InputStream in = file.openInputStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Compares a generated type with its golden file, or writes that where {@code -Dgolden.write} is set. */
    Compiled matchesGolden(Class<?> test, String method, String qualifiedName) {
        String simpleName = qualifiedName.substring(qualifiedName.lastIndexOf('.') + 1);
        Path golden = GOLDEN.resolve(test.getSimpleName()).resolve(method).resolve(simpleName + ".java");
        try {
            if (Boolean.getBoolean("golden.write")) {
                Files.createDirectories(golden.getParent());
                Files.writeString(golden, source(qualifiedName));
            }
            assertThat(source(qualifiedName)).isEqualTo(Files.readString(golden));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    static JavaFileObject file(String source) {
        return JavaFileObjects.forSourceString(qualifiedName(source), source);
    }

    static String qualifiedName(String source) {
        Matcher type = TYPE.matcher(source.replaceAll("(?s)/\\*.*?\\*/", "")
                .replaceAll("(?m)^import .*", "")
                .replaceAll("@Operation\\(.*\\)", ""));
        if (!type.find()) {
            throw new IllegalArgumentException("no type in " + source);
        }
        if (source.startsWith("module ")) {
            return "module-info";
        }
        Matcher inPackage = PACKAGE.matcher(source);
        return inPackage.find() ? inPackage.group(1) + "." + type.group(1) : type.group(1);
    }

    private List<String> messages() {
        return texts(compilation.diagnostics());
    }

    private static List<String> texts(List<? extends Diagnostic<? extends JavaFileObject>> diagnostics) {
        List<String> texts = new ArrayList<>();
        for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics) {
            // javac indents the further lines of a message by two more.
            String message = diagnostic.getMessage(Locale.ROOT).replace("\n      ", "\n    ");
            texts.add(line(diagnostic) + " | " + message);
        }
        return texts;
    }

    private static String line(Diagnostic<? extends JavaFileObject> diagnostic) {
        if (diagnostic.getSource() == null) {
            return "";
        }
        List<String> lines = content(diagnostic.getSource()).lines().toList();
        return lines.get((int) diagnostic.getLineNumber() - 1).strip();
    }

    static String content(JavaFileObject file) {
        try {
            return file.getCharContent(false).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One diagnostic: the line of source that it points at, and what it says. */
    record Problem(String line, String message) {

        static Problem at(String line, String... lines) {
            return new Problem(line, String.join("\n    ", lines));
        }

        String text() {
            return line + " | " + message;
        }
    }
}
