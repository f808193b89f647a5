package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation("wrong")
interface Wrong { @Step default void charge(String unknown) {} } // error: InvalidOperationClass
