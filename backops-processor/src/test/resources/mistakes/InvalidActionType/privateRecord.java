package demo;

import dev.backops.annotation.Step;

class Actions {
    private record Charge(String gateway) { // javac error: InvalidActionType
        @Step
        void call() {} // ecj error: InvalidActionType
    }
}
