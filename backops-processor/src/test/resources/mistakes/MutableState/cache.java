package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.HashMap;
import java.util.Map;

@Operation("fulfillment")
class Fulfillment {
    record Params(long id) {}
    static int all;
    private final Map<Long, String> known = new HashMap<>();
    private Map<Long, String> cache = new HashMap<>(); // warning: MutableState
    private volatile long last; // warning: MutableState
    @Step void charge(long id) { last = id; cache = known; }
}
