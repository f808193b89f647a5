package dev.backops.internal.engine;

import dev.backops.codegen.StepDefinition;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The order of the steps of an operation: which one follows, and what must be set for it. Immutable. */
public final class Flow {

    /** Nodes by name, in their order. */
    private final Map<String, Node> nodes = new LinkedHashMap<>();

    /**
     * The flow of some steps.
     *
     * @throws IllegalArgumentException if none is on {@code main}, one is there twice, or one leads to what is not there
     */
    public Flow(List<Node> steps) {
        for (Node step : steps) {
            if (nodes.put(step.name(), step) != null) {
                throw new IllegalArgumentException("Step " + step.name() + " is there twice");
            }
        }
        if (firstOf(StepDefinition.MAIN).isEmpty()) {
            throw new IllegalArgumentException("There is no step on branch " + StepDefinition.MAIN);
        }
        for (Node step : steps) {
            step.targets().forEach(this::resolve);
        }
    }

    /** The names of the steps, in order. */
    Set<String> steps() {
        return nodes.keySet();
    }

    /** The same order of steps that read something else. */
    Flow reading(Function<String, Collection<String>> reads) {
        return new Flow(nodes.values().stream()
                .map(node -> node.reading(reads.apply(node.name())))
                .toList());
    }

    /** What must be set from the beginning. */
    Set<String> needsAtStart() {
        return firstOf(StepDefinition.MAIN).map(needs()::get).orElse(Set.of());
    }

    public boolean isMain(String step) {
        return node(step).branch().equals(StepDefinition.MAIN);
    }

    /**
     * The step behind another one; empty at the end of the operation.
     *
     * @param jump where the step jumped to, or null
     * @param lastMain the last step of {@code main} that completed, this one included, or null if there is none
     * @param compensating whether a failure branch runs, at whose end the operation ends
     */
    public Optional<String> after(String step, @Nullable String jump, @Nullable String lastMain, boolean compensating) {
        if (jump != null) {
            return resolve(jump);
        }
        Optional<String> inOrder = inOrder(step);
        if (inOrder.isPresent() || node(step).then() != null || isMain(step) || compensating) {
            return inOrder;
        }
        return lastMain == null ? firstOf(StepDefinition.MAIN) : behind(lastMain);
    }

    /** The step that follows without a jump, if that does not depend on where its branch was entered from. */
    Optional<String> inOrder(String step) {
        String then = node(step).then();
        return then == null ? behind(step) : resolve(then);
    }

    /** The first step of the branch that runs once a step has failed for good. */
    public Optional<String> onFailure(String step) {
        String branch = node(step).onFailure();
        return branch == null ? Optional.empty() : firstOf(branch);
    }

    /**
     * What must be set when an operation goes on at each step, so that every step that can follow finds what it reads: the
     * usual backward data flow, over every path the declaration allows.
     */
    Map<String, Set<String>> needs() {
        Map<String, Set<String>> needs = new HashMap<>();
        nodes.values().forEach(node -> needs.put(node.name(), new LinkedHashSet<>(node.reads())));
        Deque<String> changed = new ArrayDeque<>(nodes.keySet());
        while (!changed.isEmpty()) {
            String step = changed.removeLast();
            for (Node before : nodes.values()) {
                if (successors(before).contains(step)) {
                    Set<String> more = new LinkedHashSet<>(needs.getOrDefault(step, Set.of()));
                    more.removeAll(before.sets());
                    if (needs.computeIfAbsent(before.name(), unseen -> new LinkedHashSet<>())
                            .addAll(more)) {
                        changed.addLast(before.name());
                    }
                }
            }
        }
        return needs;
    }

    /** Every step that can follow another one without a failure. */
    private Set<String> successors(Node node) {
        Set<String> successors = new LinkedHashSet<>();
        node.jumps().forEach(target -> resolve(target).ifPresent(successors::add));
        if (node.then() != null) {
            resolve(node.then()).ifPresent(successors::add);
        } else if (behind(node.name()).isPresent()) {
            behind(node.name()).ifPresent(successors::add);
        } else if (!node.branch().equals(StepDefinition.MAIN)) {
            // Which main step comes next depends on where the branch was entered from.
            nodes.values().stream()
                    .filter(main -> main.branch().equals(StepDefinition.MAIN)
                            && !main.jumps().isEmpty())
                    .forEach(main -> behind(main.name()).ifPresent(successors::add));
        }
        return successors;
    }

    private Optional<String> resolve(String target) {
        if (target.equals(StepDefinition.END)) {
            return Optional.empty();
        }
        if (nodes.containsKey(target)) {
            return Optional.of(target);
        }
        Optional<String> first = firstOf(target);
        if (first.isEmpty()) {
            throw new IllegalArgumentException("There is no step or branch " + target + " to go on with");
        }
        return first;
    }

    private Optional<String> firstOf(String branch) {
        return nodes.values().stream()
                .filter(node -> node.branch().equals(branch))
                .map(Node::name)
                .findFirst();
    }

    /** The step behind another one on its branch. */
    Optional<String> behind(String step) {
        String branch = node(step).branch();
        return nodes.values().stream()
                .filter(node -> node.branch().equals(branch))
                .map(Node::name)
                .dropWhile(name -> !name.equals(step))
                .skip(1)
                .findFirst();
    }

    private Node node(String step) {
        Node node = nodes.get(step);
        if (node == null) {
            throw new IllegalArgumentException("There is no step " + step + ", only " + nodes.keySet());
        }
        return node;
    }

    /**
     * A step as far as its place in the order goes.
     *
     * @param reads what it needs
     * @param sets what it sets whenever it completes
     */
    public record Node(
            String name,
            String branch,
            Set<String> reads,
            Set<String> sets,
            List<String> jumps,
            @Nullable String then,
            @Nullable String onFailure) {

        /** Everything that it names to go on with. */
        List<String> targets() {
            return Stream.concat(jumps.stream(), Stream.of(then, onFailure).filter(Objects::nonNull))
                    .toList();
        }

        Node reading(Collection<String> others) {
            return new Node(name, branch, new LinkedHashSet<>(others), sets, jumps, then, onFailure);
        }
    }
}
