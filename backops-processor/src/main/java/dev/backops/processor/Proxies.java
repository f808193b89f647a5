package dev.backops.processor;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/** Finds out whether a container will wrap a class in a proxy, a subclass that hands calls on to the real object. */
final class Proxies {

    private static final Set<String> ANNOTATIONS = Set.of(
            "ApplicationScoped",
            "Async",
            "CacheEvict",
            "CachePut",
            "Cacheable",
            "ConversationScoped",
            "PreAuthorize",
            "RequestScoped",
            "Retryable",
            "Secured",
            "SessionScoped",
            "Transactional",
            "Validated");

    /** What marks annotations of the user's own that do the same. */
    private static final Set<String> META_ANNOTATIONS = Set.of("InterceptorBinding", "NormalScope", "Around");

    private Proxies() {}

    /** The annotation of the class, or of one of its methods, that asks for a proxy. */
    static Optional<String> annotationOn(TypeElement type) {
        return Stream.concat(Stream.of(type), StepCollector.methods(type).stream())
                .flatMap(element -> element.getAnnotationMirrors().stream())
                .filter(Proxies::asksForProxy)
                .map(mirror -> "@" + AnnotationUse.simpleNameOf(mirror))
                .findFirst();
    }

    private static boolean asksForProxy(AnnotationMirror annotation) {
        Element type = annotation.getAnnotationType().asElement();
        return ANNOTATIONS.contains(AnnotationUse.simpleNameOf(annotation))
                || type.getAnnotationMirrors().stream()
                        .anyMatch(meta -> META_ANNOTATIONS.contains(AnnotationUse.simpleNameOf(meta)));
    }
}
