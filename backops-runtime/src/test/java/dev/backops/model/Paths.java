package dev.backops.model;

import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.StepDefinition;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where operations of a definition can go. What is set on the way is found by walking forward along every path there is, which
 * is another way than the engine's.
 */
final class Paths {

    private final OperationDefinition definition;

    Paths(OperationDefinition definition) {
        this.definition = definition;
    }

    StepDefinition step(String name) {
        return definition.step(name).orElseThrow(() -> new IllegalArgumentException("No step " + name));
    }

    boolean isMain(String step) {
        return step(step).branch().equals(StepDefinition.MAIN);
    }

    /** The steps of a branch from one of them on. */
    List<String> fromHereOnItsBranch(String step) {
        List<String> branch = branch(step(step).branch());
        return branch.subList(branch.indexOf(step), branch.size());
    }

    private List<String> branch(String name) {
        return definition.steps().stream()
                .filter(step -> step.branch().equals(name))
                .map(StepDefinition::name)
                .toList();
    }

    Optional<String> first(String branch) {
        return branch(branch).stream().findFirst();
    }

    private Optional<String> place(String target) {
        return definition.step(target).isPresent() ? Optional.of(target) : first(target);
    }

    private Optional<String> behind(String step) {
        return fromHereOnItsBranch(step).stream().skip(1).findFirst();
    }

    /** The step behind one that completed; {@code lastMain} is the last step of main that did, this one included. */
    Optional<String> after(String step, @Nullable String jump, @Nullable String lastMain, boolean compensating) {
        if (jump != null) {
            return place(jump);
        }
        String then = step(step).then();
        if (then != null) {
            return place(then);
        }
        Optional<String> behind = behind(step);
        if (behind.isPresent() || isMain(step) || compensating) {
            return behind;
        }
        return lastMain == null ? first(StepDefinition.MAIN) : behind(lastMain);
    }

    Optional<String> onFailure(String step) {
        return Optional.ofNullable(step(step).onFailure()).flatMap(this::first);
    }

    /** Whether nothing but a failure leads to a branch. */
    boolean isFailureBranch(String branch) {
        return definition.steps().stream().anyMatch(step -> branch.equals(step.onFailure()))
                && definition.steps().stream()
                        .noneMatch(step ->
                                branch.equals(step.then()) || step.jumps().contains(branch));
    }

    /** What some step reads that may be unset when it starts, if an operation begins with no more than its params. */
    Set<String> lackingFromTheStart(Set<String> params, Function<String, ? extends Collection<String>> reads) {
        return lacking(Set.of(start()), params, reads);
    }

    /** What is unset that a step, or one that can follow in any way, reads; wherever an operation can come from to there. */
    Set<String> lackingAt(String step, Set<String> set) {
        Set<Place> places = new HashSet<>();
        Set<String> reached = new HashSet<>();
        walk(Set.of(start()), Set.of(), (place, ignored) -> reached.add(place.step()));
        Set<Place> from = new HashSet<>(Set.of(start()));
        definition.steps().stream()
                .filter(each -> !reached.contains(each.name()))
                .forEach(each -> from.add(new Place(each.name(), null, /* compensating= */ false)));
        walk(from, Set.of(), (place, ignored) -> {
            if (place.step().equals(step)) {
                places.add(place);
            }
        });
        return lacking(places, set, name -> step(name).reads());
    }

    /** What is set for certain when a step starts; empty if no path leads there. */
    Optional<Set<String>> certainAt(String step, Set<String> params) {
        List<Set<String>> found = new ArrayList<>();
        walk(Set.of(start()), params, (place, set) -> {
            if (place.step().equals(step)) {
                found.add(set);
            }
        });
        return found.stream().reduce((one, other) -> {
            Set<String> both = new TreeSet<>(one);
            both.retainAll(other);
            return both;
        });
    }

    private Set<String> lacking(
            Set<Place> from, Set<String> set, Function<String, ? extends Collection<String>> reads) {
        Set<String> lacking = new TreeSet<>();
        walk(from, set, (place, there) -> {
            Set<String> unset = new TreeSet<>(reads.apply(place.step()));
            unset.removeAll(there);
            lacking.addAll(unset);
        });
        return lacking;
    }

    private Place start() {
        return new Place(first(StepDefinition.MAIN).orElseThrow(), null, /* compensating= */ false);
    }

    /** Visits each place with each set of values that can be there. */
    private void walk(Set<Place> from, Set<String> set, Visitor visitor) {
        Set<Arrival> seen = new HashSet<>();
        Deque<Arrival> ahead = new ArrayDeque<>();
        from.forEach(place -> ahead.add(new Arrival(place, Set.copyOf(set))));
        while (!ahead.isEmpty()) {
            Arrival here = ahead.remove();
            if (seen.add(here)) {
                visitor.visit(here.place(), here.set());
                ahead.addAll(next(here));
            }
        }
    }

    private List<Arrival> next(Arrival here) {
        Place place = here.place();
        StepDefinition step = step(place.step());
        String lastMain = isMain(step.name()) ? step.name() : place.lastMain();
        Set<String> set = new HashSet<>(here.set());
        step.outputs().stream()
                .filter(output -> !output.nullable())
                .map(Field::name)
                .forEach(set::add);
        List<Arrival> next = new ArrayList<>();
        for (String jump : step.jumps()) {
            place(jump)
                    .ifPresent(target ->
                            next.add(new Arrival(new Place(target, lastMain, place.compensating()), Set.copyOf(set))));
        }
        if (!step.alwaysJumps()) {
            after(step.name(), null, lastMain, place.compensating())
                    .ifPresent(target ->
                            next.add(new Arrival(new Place(target, lastMain, place.compensating()), Set.copyOf(set))));
        }
        onFailure(step.name())
                .ifPresent(target -> next.add(
                        new Arrival(new Place(target, place.lastMain(), /* compensating= */ true), here.set())));
        return next;
    }

    /** Before a step, having completed {@code lastMain} last of all steps of main. */
    private record Place(String step, @Nullable String lastMain, boolean compensating) {}

    private record Arrival(Place place, Set<String> set) {}

    @FunctionalInterface
    private interface Visitor {

        void visit(Place place, Set<String> set);
    }
}
