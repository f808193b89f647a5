package demo;

import dev.backops.annotation.Step;

@Transactional
class Charge {
    @Step
    final void call() {} // warning: FinalStep
}

@interface Transactional {}
