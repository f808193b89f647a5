package demo;

import dev.backops.annotation.Step;

interface Stray { @Step void charge(); } // error: StepOutsideOperation
