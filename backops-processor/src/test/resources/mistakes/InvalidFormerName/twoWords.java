package demo;

import dev.backops.annotation.Operation;
import dev.backops.annotation.Step;

@Operation(value = "fulfillment", formerly = {"old", // ecj error: InvalidFormerName
"two words" // javac error: InvalidFormerName
})
class Fulfillment {
    @Step void charge() {}
}
