package dev.backops.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;

/** Another processor beside ours: writes one type in one round, or reports an error in the first. */
final class WritingProcessor extends AbstractProcessor {

    private final int writingRound;
    private final String name;
    private final String source;
    private int round;

    private WritingProcessor(int writingRound, String name, String source) {
        this.writingRound = writingRound;
        this.name = name;
        this.source = source;
    }

    static WritingProcessor inRound(int round, String name, String source) {
        return new WritingProcessor(round, name, source);
    }

    static WritingProcessor failing(String message) {
        return new WritingProcessor(1, "", message);
    }

    @Override
    public Set<String> getSupportedAnnotationTypes() {
        return Set.of("*");
    }

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment environment) {
        round++;
        if (round == writingRound && name.isEmpty()) {
            processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, source);
        } else if (round == writingRound) {
            write();
        }
        return false;
    }

    private void write() {
        try (Writer writer = processingEnv.getFiler().createSourceFile(name).openWriter()) {
            writer.write(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
