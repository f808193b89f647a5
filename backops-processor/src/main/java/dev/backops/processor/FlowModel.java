package dev.backops.processor;

import java.util.List;
import java.util.Optional;

/** Where a step stands, what follows it, and when it runs, in generated code. */
record FlowModel(
        String branch,
        List<String> jumps,
        Optional<String> then,
        Optional<String> onFailure,
        Optional<String> delay,
        Optional<String> at) {

    FlowModel {
        jumps = List.copyOf(jumps);
    }

    static FlowModel of(FlowDeclaration flow) {
        return new FlowModel(
                flow.branch().text(),
                flow.jumps(),
                flow.then().map(Written::text),
                flow.onFailure().map(Written::text),
                flow.delay().map(Written::text),
                flow.at().map(Written::text));
    }
}
