package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.*;
import org.jspecify.annotations.*;

@Operation("fulfillment")
class Fulfillment {
    @Step(at = "renewsAt") void remind() {} // error: UnsetOutput
    @Step(output = "renewsAt") @Nullable Instant renew() { return null; }
}
