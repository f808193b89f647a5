package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

class Outer {
    private static class Hidden {
        @Operation("wrong")
        static class Wrong { @Step void charge() {} } // error: InvalidOperationClass
    }
}
