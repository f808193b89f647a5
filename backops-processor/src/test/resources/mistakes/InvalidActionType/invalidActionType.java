package demo;

import dev.backops.annotation.Step;
import java.time.Instant;

class Actions {
private static class Charge { @Step void call() {} } // error: InvalidActionType
}
