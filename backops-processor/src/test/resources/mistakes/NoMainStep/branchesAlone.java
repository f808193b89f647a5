package demo;

import dev.backops.annotation.Branch;
import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;
import java.time.Instant;

@Operation(value = "shop", branches = @Branch(name = "undo", actions = Next.class)) // error: NoMainStep
interface Shop { record Params(long id, Instant dueAt) {} }

class Next { @Step void call() {} }
