package dev.backops.model;

import dev.backops.annotation.KeyScope;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.RetryPolicy;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Random operations that the compiler would accept as far as values go: a step reads what every path to it sets. A seed gives
 * an operation and some later versions of its source, in which things were renamed, added and removed.
 */
final class RandomDefinition {

    static final Field<Long> NUMBER = Field.required("number", Types.LONG);
    static final Field<Instant> WHEN = Field.nullable("when", Types.INSTANT);

    private final Random random;

    /** Outputs that a step may set; several steps may set the same one. */
    private final List<Field<?>> pool = new ArrayList<>();

    private int names;

    private RandomDefinition(Random random) {
        this.random = random;
    }

    /** An operation and up to three later versions of it. */
    static List<Version> versions(Random random) {
        RandomDefinition generator = new RandomDefinition(random);
        List<Version> versions = new ArrayList<>(List.of(Version.of(0, generator.first())));
        int count = 2 + random.nextInt(3);
        while (versions.size() < count) {
            OperationDefinition before = versions.get(versions.size() - 1).definition();
            versions.add(Version.of(versions.size(), generator.changed(before)));
        }
        return List.copyOf(versions);
    }

    private boolean chance(double share) {
        return random.nextDouble() < share;
    }

    private <T> T one(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private String name(String kind) {
        return kind + ++names;
    }

    private OperationDefinition first() {
        for (int i = 0; i < 4; i++) {
            boolean nullable = chance(0.4);
            String name = name("out");
            pool.add(nullable ? Field.nullable(name, Types.STRING) : Field.required(name, Types.STRING));
        }
        pool.add(Field.nullable(name("time"), Types.INSTANT));
        List<StepDefinition> steps = new ArrayList<>(branch(StepDefinition.MAIN, 2 + random.nextInt(3)));
        List<String> branches =
                Stream.of("red", "green", "blue").limit(random.nextInt(4)).toList();
        branches.forEach(branch -> steps.addAll(branch(branch, 1 + random.nextInt(2))));
        List<String> targets = new ArrayList<>(branches);
        steps.forEach(step -> targets.add(step.name()));
        targets.add(StepDefinition.END);
        OperationDefinition definition = OperationDefinition.named("model.first")
                .params(NUMBER, WHEN)
                .keyScope(chance(0.5) ? KeyScope.FOREVER : KeyScope.UNFINISHED);
        for (StepDefinition step : steps) {
            definition = definition.step(linked(step, targets, branches));
        }
        return reading(definition);
    }

    private List<StepDefinition> branch(String name, int count) {
        List<StepDefinition> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(step(name));
        }
        return steps;
    }

    private StepDefinition step(String branch) {
        StepDefinition step = StepDefinition.named(name("step"))
                .branch(branch)
                .retry(RetryPolicy.of(1 + random.nextInt(3), chance(0.5) ? "PT0S" : "PT1H", 2, "PT10H", 0));
        List<Field<?>> outputs = new ArrayList<>(pool);
        Collections.shuffle(outputs, random);
        step = step.outputs(outputs.subList(0, random.nextInt(3)).toArray(Field<?>[]::new));
        if (chance(0.2)) {
            step = step.delay("PT" + (1 + random.nextInt(3)) + "H");
        } else if (chance(0.2)) {
            step = step.at(chance(0.5) ? WHEN.name() : pool.get(pool.size() - 1).name());
        }
        return chance(0.3) ? step.transactional() : step;
    }

    private StepDefinition linked(StepDefinition step, List<String> targets, List<String> branches) {
        StepDefinition linked = step;
        if (chance(0.4)) {
            List<String> shuffled = new ArrayList<>(targets);
            Collections.shuffle(shuffled, random);
            String[] jumps = shuffled.stream().limit(1 + random.nextInt(2)).toArray(String[]::new);
            linked = chance(0.4) ? linked.alwaysJumps(jumps) : linked.jumps(jumps);
        }
        if (chance(0.15)) {
            linked = linked.then(one(targets));
        }
        return !branches.isEmpty() && chance(0.4) ? linked.onFailure(one(branches)) : linked;
    }

    /** Lets each step read some of what is set for certain, and perhaps something else. */
    private OperationDefinition reading(OperationDefinition definition) {
        Version version = Version.of(0, definition);
        return with(
                definition,
                definition.steps().stream()
                        .map(step -> {
                            Set<String> certain = version.paths()
                                    .certainAt(step.name(), version.params())
                                    .orElse(version.params());
                            Set<String> reads = new TreeSet<>(step.reads());
                            certain.stream()
                                    .sorted()
                                    .filter(value -> chance(0.4))
                                    .forEach(reads::add);
                            reads.retainAll(certain);
                            String[] mayRead = pool.stream()
                                    .map(Field::name)
                                    .filter(value -> !reads.contains(value) && chance(0.2))
                                    .toArray(String[]::new);
                            return step.reads(reads.toArray(String[]::new)).mayRead(mayRead);
                        })
                        .toList());
    }

    private static OperationDefinition with(OperationDefinition definition, List<StepDefinition> steps) {
        return with(definition.name(), definition.formerNames(), definition, definition.formerBranches(), steps);
    }

    private static OperationDefinition with(
            String name,
            List<String> formerNames,
            OperationDefinition definition,
            Map<String, List<String>> formerBranches,
            List<StepDefinition> steps) {
        OperationDefinition copy = OperationDefinition.named(name)
                .formerly(formerNames.toArray(String[]::new))
                .params(definition.params().toArray(Field<?>[]::new))
                .keyScope(definition.keyScope());
        for (Map.Entry<String, List<String>> branch : formerBranches.entrySet()) {
            copy = copy.formerBranch(branch.getKey(), branch.getValue().toArray(String[]::new));
        }
        for (StepDefinition step : steps) {
            copy = copy.step(step);
        }
        return copy;
    }

    private OperationDefinition changed(OperationDefinition before) {
        OperationDefinition changed = switch (random.nextInt(6)) {
            case 0 -> renamed(before);
            case 1 -> renamed(before, one(before.steps()).name(), name("step"));
            case 2 -> withRenamedBranch(before);
            case 3 -> withRenamedOutput(before);
            case 4 -> withNewStep(before);
            default -> without(before, one(before.steps())).orElseGet(() -> withNewStep(before));
        };
        return reading(changed);
    }

    private OperationDefinition renamed(OperationDefinition before) {
        return with(
                name("model.later"),
                and(before.name(), before.formerNames()),
                before,
                before.formerBranches(),
                before.steps());
    }

    private static OperationDefinition renamed(OperationDefinition before, String step, String newName) {
        UnaryOperator<String> place = name -> name.equals(step) ? newName : name;
        return with(before, copies(before, place, name -> name));
    }

    private OperationDefinition withRenamedBranch(OperationDefinition before) {
        List<String> branches = before.steps().stream()
                .map(StepDefinition::branch)
                .filter(branch -> !branch.equals(StepDefinition.MAIN))
                .distinct()
                .toList();
        if (branches.isEmpty()) {
            return withNewStep(before);
        }
        String branch = one(branches);
        String newName = name("branch");
        Map<String, List<String>> former = new TreeMap<>(before.formerBranches());
        List<String> names = former.remove(branch);
        former.put(newName, and(branch, names == null ? List.of() : names));
        return with(
                before.name(),
                before.formerNames(),
                before,
                former,
                copies(before, name -> name.equals(branch) ? newName : name, name -> name));
    }

    private OperationDefinition withRenamedOutput(OperationDefinition before) {
        int place = random.nextInt(pool.size());
        Field<?> output = pool.get(place);
        String newName = name("out");
        pool.set(place, renamed(output, newName));
        return with(before, copies(before, name -> name, name -> name.equals(output.name()) ? newName : name));
    }

    /** A step that sets something new, somewhere on a branch. */
    private OperationDefinition withNewStep(OperationDefinition before) {
        Field<?> output = Field.required(name("out"), Types.STRING);
        pool.add(0, output);
        List<StepDefinition> steps = new ArrayList<>(before.steps());
        StepDefinition neighbour = one(steps);
        steps.add(
                steps.indexOf(neighbour) + random.nextInt(2),
                step(neighbour.branch()).outputs(output));
        return with(before, steps);
    }

    /** Empty if the others need the step to be there. */
    private static Optional<OperationDefinition> without(OperationDefinition before, StepDefinition step) {
        boolean alone = before.steps().stream()
                        .filter(other -> other.branch().equals(step.branch()))
                        .count()
                == 1;
        boolean wanted = before.steps().stream()
                .anyMatch(other ->
                        other.jumps().contains(step.name()) || step.name().equals(other.then()));
        return alone || wanted
                ? Optional.empty()
                : Optional.of(with(
                        before,
                        before.steps().stream().filter(other -> other != step).toList()));
    }

    /** The steps with other names for some places and values; they remember what they were called. */
    private static List<StepDefinition> copies(
            OperationDefinition definition, UnaryOperator<String> place, UnaryOperator<String> value) {
        return definition.steps().stream().map(step -> copy(step, place, value)).toList();
    }

    private static StepDefinition copy(StepDefinition step, UnaryOperator<String> place, UnaryOperator<String> value) {
        String name = place.apply(step.name());
        List<String> former = name.equals(step.name()) ? step.formerNames() : and(step.name(), step.formerNames());
        String[] jumps = step.jumps().stream().map(place).toArray(String[]::new);
        StepDefinition copy = StepDefinition.named(name)
                .formerly(former.toArray(String[]::new))
                .branch(place.apply(step.branch()))
                .reads(step.reads().stream().map(value).toArray(String[]::new))
                .mayRead(step.mayRead().stream().map(value).toArray(String[]::new))
                .outputs(step.outputs().stream()
                        .map(output -> renamed(output, value.apply(output.name())))
                        .toArray(Field<?>[]::new))
                .retry(step.retry())
                .delay(step.delay().toString());
        copy = step.alwaysJumps() ? copy.alwaysJumps(jumps) : copy.jumps(jumps);
        copy = step.at() == null ? copy : copy.at(value.apply(step.at()));
        copy = step.then() == null ? copy : copy.then(place.apply(step.then()));
        copy = step.onFailure() == null ? copy : copy.onFailure(place.apply(step.onFailure()));
        return step.isTransactional() ? copy.transactional() : copy;
    }

    private static <T> Field<T> renamed(Field<T> field, String newName) {
        if (newName.equals(field.name())) {
            return field;
        }
        Field<T> renamed =
                field.nullable() ? Field.nullable(newName, field.type()) : Field.required(newName, field.type());
        return renamed.formerly(and(field.name(), field.formerNames()).toArray(String[]::new));
    }

    private static List<String> and(String first, List<String> others) {
        return Stream.concat(Stream.of(first), others.stream()).toList();
    }
}
