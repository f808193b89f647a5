package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.util.stream.Stream;

@Operation("fulfillment")
class Fulfillment {
    @Step(
        output = "ids") // error: NotSimple
    Stream<Long> load() { return null; }
}
