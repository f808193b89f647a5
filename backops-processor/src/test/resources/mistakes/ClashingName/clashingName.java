package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

class Outer {
    @Operation("nested")
    static class Inner { @Step void charge() {} }
}

@Operation("flat")
class Outer_Inner { @Step void charge() {} } // error: ClashingName
