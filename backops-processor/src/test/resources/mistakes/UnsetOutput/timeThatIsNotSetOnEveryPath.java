package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.*;
import java.util.*;

@Operation("fulfillment")
class Fulfillment {
    enum Next { REMIND }
    @Step(jumpsTo = "remind") Optional<Next> choose() { return null; }
    @Step(output = "renewsAt") Instant renew() { return null; }
    @Step(
        at = "renewsAt" // error: UnsetOutput
    )
    void remind() {}
}
