package dev.backops.internal.engine;

import dev.backops.OperationListener;
import dev.backops.StepInterceptor;
import java.util.List;

/** The code of users that is called along the way. */
public record Hooks(List<OperationListener> listeners, List<StepInterceptor> interceptors) {

    public Hooks {
        listeners = List.copyOf(listeners);
        interceptors = List.copyOf(interceptors);
    }
}
