package dev.backops.processor;

import java.util.List;
import java.util.Optional;

/** Ways through an operation, in words. */
final class FlowText {

    private final OperationDeclaration operation;

    FlowText(OperationDeclaration operation) {
        this.operation = operation;
    }

    /**
     * Where a way parts from those that set an output, for a sentence that ends with it: {@code chooseSetup jumps to it
     * past chargeCreditCard}.
     *
     * @param reader the index of the step to which both lead
     */
    String parting(FlowGraph.Edge edge, int reader, String output) {
        return describe(edge, reader)
                + skippedSetter(edge, output).map(setter -> " past " + setter).orElse("");
    }

    /** Where a way last leaves the order of the steps, if it does. */
    Optional<String> lastTurn(List<FlowGraph.Edge> way) {
        for (int index = way.size() - 1; index >= 0; index--) {
            FlowGraph.Edge edge = way.get(index);
            if (edge.kind() != FlowGraph.Edge.Kind.NEXT && edge.kind() != FlowGraph.Edge.Kind.RETURN) {
                return Optional.of(describe(edge, /* reader= */ -1));
            }
        }
        return Optional.empty();
    }

    String method(int step) {
        return operation.steps().get(step).method();
    }

    private String describe(FlowGraph.Edge edge, int reader) {
        String method = method(edge.from().step());
        boolean toReader = edge.to().filter(state -> state.step() == reader).isPresent() && !isBranch(edge.target());
        String target = toReader ? "it" : "\"" + edge.target() + "\"";
        return method
                + switch (edge.kind()) {
                    case JUMP -> " jumps to " + target;
                    case FAILURE -> " fails";
                    case THEN -> mayJump(edge) ? " does not jump" : " goes on with " + target;
                    case NEXT, RETURN -> mayJump(edge) ? " does not jump" : " does not fail";
                };
    }

    private boolean isBranch(String target) {
        return operation.steps().stream()
                .anyMatch(step -> step.flow().branch().text().equals(target));
    }

    private boolean mayJump(FlowGraph.Edge edge) {
        return !operation.steps().get(edge.from().step()).flow().jumpsTo().isEmpty();
    }

    /** The step that would set the output, between both ends of a jump on one branch. */
    private Optional<String> skippedSetter(FlowGraph.Edge edge, String output) {
        if (edge.kind() != FlowGraph.Edge.Kind.JUMP || edge.to().isEmpty()) {
            return Optional.empty();
        }
        int from = edge.from().step();
        int to = edge.to().get().step();
        String branch = branch(from);
        if (from >= to || !branch(to).equals(branch)) {
            return Optional.empty();
        }
        return operation.steps().subList(from + 1, to).stream()
                .filter(step -> step.flow().branch().text().equals(branch))
                .filter(step -> step.output(output).isPresent())
                .map(StepDeclaration::method)
                .findFirst();
    }

    private String branch(int step) {
        return operation.steps().get(step).flow().branch().text();
    }
}
