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
import java.util.function.Supplier;
import java.util.stream.Collectors;
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

    /** The branches that some step is on. */
    Set<String> branches() {
        return nodes.values().stream().map(Node::branch).collect(Collectors.toSet());
    }

    /** The same order of steps under the names of today. */
    Flow named(StoredNames names) {
        return new Flow(nodes.values().stream().map(node -> node.named(names)).toList());
    }

    /** The same order of steps that read something else. */
    Flow reading(Function<String, Collection<String>> reads) {
        return new Flow(nodes.values().stream()
                .map(node -> node.reading(reads.apply(node.name())))
                .toList());
    }

    /** What must be set from the beginning. */
    Set<String> needsAtStart() {
        return placeNeeds().getOrDefault(start(), Set.of());
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
            // The code of today may jump to what came with it.
            return resolve(
                    jump,
                    () -> "Step " + step + " jumps to " + jump
                            + ", which the operation did not have when it was enqueued; it has " + nodes.keySet()
                            + ". Let the step jump to one of these, or cancel the operation and enqueue another one");
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
     * union over every place at which an operation can stand before that step.
     */
    Map<String, Set<String>> needs() {
        Map<String, Set<String>> needs = new HashMap<>();
        placeNeeds()
                .forEach((place, needed) -> needs.computeIfAbsent(place.step(), unseen -> new LinkedHashSet<>())
                        .addAll(needed));
        return needs;
    }

    /**
     * The needs of each place that an operation can reach: the usual backward data flow. Places, not steps, since where a
     * branch returns to depends on the last step of {@code main}.
     *
     * <p>A step to which no path leads can be jumped to by hand. Behind its branch {@code main} goes on where it was left, for
     * which everything is set, so that it is as good as a branch that was entered before all steps of {@code main}.
     */
    private Map<Place, Set<String>> placeNeeds() {
        Map<Place, Set<String>> needs = new LinkedHashMap<>();
        reach(start(), needs);
        Set<String> reached = needs.keySet().stream().map(Place::step).collect(Collectors.toSet());
        for (String step : nodes.keySet()) {
            if (!reached.contains(step)) {
                reach(new Place(step, null, /* compensating= */ false), needs);
            }
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Map.Entry<Place, Set<String>> entry : needs.entrySet()) {
                Place place = entry.getKey();
                Set<String> behind = new LinkedHashSet<>();
                followers(place).forEach(follower -> behind.addAll(needs.getOrDefault(follower, Set.of())));
                behind.removeAll(node(place.step()).sets());
                // A step that failed has set nothing.
                afterFailure(place).ifPresent(failed -> behind.addAll(needs.getOrDefault(failed, Set.of())));
                changed |= entry.getValue().addAll(behind);
            }
        }
        return needs;
    }

    /** Adds a place and all that can follow, each with what its own step reads. */
    private void reach(Place from, Map<Place, Set<String>> needs) {
        Deque<Place> reached = new ArrayDeque<>(List.of(from));
        while (!reached.isEmpty()) {
            Place place = reached.removeFirst();
            if (needs.putIfAbsent(place, new LinkedHashSet<>(node(place.step()).reads())) == null) {
                reached.addAll(followers(place));
                afterFailure(place).ifPresent(reached::add);
            }
        }
    }

    private Place start() {
        return new Place(firstOf(StepDefinition.MAIN).orElseThrow(), null, /* compensating= */ false);
    }

    /** Where an operation can stand once the step of a place is completed. */
    private List<Place> followers(Place place) {
        Node node = node(place.step());
        String lastMain = isMain(node.name()) ? node.name() : place.lastMain();
        Set<String> steps = new LinkedHashSet<>();
        node.jumps().forEach(target -> resolve(target).ifPresent(steps::add));
        if (!node.alwaysJumps()) {
            after(node.name(), null, lastMain, place.compensating()).ifPresent(steps::add);
        }
        return steps.stream()
                .map(step -> new Place(step, lastMain, place.compensating()))
                .toList();
    }

    private Optional<Place> afterFailure(Place place) {
        return onFailure(place.step()).map(step -> new Place(step, place.lastMain(), /* compensating= */ true));
    }

    private Optional<String> resolve(String target, Supplier<String> otherwise) {
        if (target.equals(StepDefinition.END)) {
            return Optional.empty();
        }
        if (nodes.containsKey(target)) {
            return Optional.of(target);
        }
        Optional<String> first = firstOf(target);
        if (first.isEmpty()) {
            throw new IllegalArgumentException(otherwise.get());
        }
        return first;
    }

    private Optional<String> resolve(String target) {
        return resolve(target, () -> "There is no step or branch " + target + " to go on with");
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

    /** Where an operation can stand: before a step, having completed {@code lastMain} last of all steps of main. */
    private record Place(String step, @Nullable String lastMain, boolean compensating) {}

    /**
     * A step as far as its place in the order goes.
     *
     * @param reads what it needs
     * @param sets what it sets whenever it completes
     * @param alwaysJumps whether it never goes on in order
     */
    public record Node(
            String name,
            String branch,
            Set<String> reads,
            Set<String> sets,
            List<String> jumps,
            boolean alwaysJumps,
            @Nullable String then,
            @Nullable String onFailure) {

        /** Everything that it names to go on with. */
        List<String> targets() {
            return Stream.concat(jumps.stream(), Stream.of(then, onFailure).filter(Objects::nonNull))
                    .toList();
        }

        Node named(StoredNames names) {
            return new Node(
                    names.place(name),
                    names.branch(branch),
                    reads.stream().map(names::value).collect(Collectors.toSet()),
                    sets.stream().map(names::value).collect(Collectors.toSet()),
                    jumps.stream().map(names::place).toList(),
                    alwaysJumps,
                    then == null ? null : names.place(then),
                    onFailure == null ? null : names.place(onFailure));
        }

        Node reading(Collection<String> others) {
            return new Node(name, branch, new LinkedHashSet<>(others), sets, jumps, alwaysJumps, then, onFailure);
        }
    }
}
