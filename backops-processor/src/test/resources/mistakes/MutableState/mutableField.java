package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("fulfillment")
class Fulfillment {
    static int count;
    @Inject Object injected;
    private final Object service = "";
    private String last; // warning: MutableState
    @SuppressWarnings("BackOps/MutableState") private String known;
    @interface Inject {}
    @Step void charge() {}
}
