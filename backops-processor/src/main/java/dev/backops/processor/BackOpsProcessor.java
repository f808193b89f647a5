package dev.backops.processor;

import com.google.auto.service.AutoService;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.annotation.processing.SupportedAnnotationTypes;
import javax.annotation.processing.SupportedOptions;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/** Checks operations at compile time and generates their typed calls. */
@AutoService(Processor.class)
@SupportedAnnotationTypes(TypeNames.ANNOTATIONS)
@SupportedOptions({LockFiles.DIRECTORY_OPTION, LockFiles.MODE_OPTION})
public final class BackOpsProcessor extends AbstractProcessor {

    private @Nullable OperationRounds rounds;

    /** Creates the processor; the compiler does. */
    public BackOpsProcessor() {}

    @Override
    public SourceVersion getSupportedSourceVersion() {
        return SourceVersion.latestSupported();
    }

    @Override
    public synchronized void init(ProcessingEnvironment environment) {
        super.init(environment);
        rounds = new OperationRounds(environment);
    }

    /**
     * Takes one round. Our annotations are not claimed, although javac's lint then asks for someone who does: where all
     * annotations of a compilation are claimed, it leaves out every processor behind the one that claimed the last.
     */
    @Override
    public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
        if (rounds != null) {
            rounds.run(round);
        }
        return false;
    }
}
