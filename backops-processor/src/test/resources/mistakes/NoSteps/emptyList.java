package demo;

import dev.backops.annotation.Operation;
import java.time.Instant;

@Operation(value = "shop", actions = {}) // error: NoSteps
interface Shop { record Params(long id, Instant dueAt) {} }
