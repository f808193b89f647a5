package demo;

import dev.backops.annotation.Dedupe;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.*;
import org.jspecify.annotations.*;

@Operation(value = "fulfillment", key = "customerId",
dedupe = Dedupe.SAME_PARAMS // error: InvalidKey
)
class Fulfillment {
    record Params(long customerId, @Nullable String note, List<String> tags, Optional<Long> tip) {}
    @Step(output = "receipt") String charge() { return ""; }
}
