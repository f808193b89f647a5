package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation(
    "" // error: InvalidOperationName
)
class Wrong { @Step void charge() {} }
