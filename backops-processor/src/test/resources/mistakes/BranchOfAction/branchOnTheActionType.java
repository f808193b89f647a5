package demo;

import dev.backops.annotation.Step;

class Apologise {
    @Step(
        branch = "undo") // error: BranchOfAction
    void call() {}
}
