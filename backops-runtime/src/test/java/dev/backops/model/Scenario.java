package dev.backops.model;

import dev.backops.annotation.Priority;
import dev.backops.codegen.StepDefinition;
import dev.backops.model.Command.Repair.Act;
import dev.backops.model.ModelOperation.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Versions of an operation and a sequence of commands. It is made with the model alone, so that a seed gives the same sequence
 * whatever the runtime does.
 */
record Scenario(long seed, List<Version> versions, List<Command> commands) {

    private static final int MOST_OPERATIONS = 6;
    private static final List<String> KEYS = List.of("one", "two");

    static Scenario of(long seed, int length) {
        Random random = new Random(seed);
        List<Version> versions = RandomDefinition.versions(random);
        Model model = new Model(versions, Instant.EPOCH);
        Author author = new Author(random, model);
        List<Command> commands = new ArrayList<>();
        Command first = new Command.Start(author.label(), 0);
        for (Command next = first; commands.size() < length; next = author.next()) {
            commands.add(next);
            if (next.fits(model)) {
                next.predict(model);
                model.settle();
            }
        }
        return new Scenario(seed, versions, List.copyOf(commands));
    }

    /** The same with other commands. */
    Scenario with(List<Command> others) {
        return new Scenario(seed, versions, List.copyOf(others));
    }

    /** The same with no more than the commands at some places, such as {@code 1,4,9}; with all if none is given. */
    Scenario keeping(String places) {
        return places.isEmpty()
                ? this
                : with(Stream.of(places.split(","))
                        .map(place -> commands.get(Integer.parseInt(place) - 1))
                        .toList());
    }

    /** At which places some of the commands are. */
    String places(List<Command> some) {
        return IntStream.range(0, commands.size())
                .filter(place -> some.stream().anyMatch(one -> one == commands.get(place)))
                .mapToObj(place -> Integer.toString(place + 1))
                .collect(Collectors.joining(","));
    }

    /** Chooses commands that do something where the model stands, most of the time. */
    private static final class Author {

        private final Random random;
        private final Model model;
        private final List<Supplier<Command>> choices = new ArrayList<>();
        private int labels;

        Author(Random random, Model model) {
            this.random = random;
            this.model = model;
        }

        int label() {
            return ++labels;
        }

        Command next() {
            choices.clear();
            List<ModelOperation> unfinished =
                    model.operations().stream().filter(one -> !one.isOver()).toList();
            offer(unfinished.size() < MOST_OPERATIONS ? 8 : 0, this::enqueue);
            List<ModelOperation> running =
                    unfinished.stream().filter(one -> one.is(State.RUNNING)).toList();
            if (!running.isEmpty()) {
                offer(16, () -> new Command.Return(one(running).label, random.nextInt()));
                offer(8, () -> new Command.Throw(one(running).label, random.nextInt(4) == 0));
            }
            repairs(unfinished);
            List<Integer> workers = List.copyOf(model.workers().keySet());
            offer(workers.isEmpty() ? 16 : workers.size() == 1 ? 1 : 0, () -> new Command.Start(label(), version()));
            if (!workers.isEmpty()) {
                offer(1, () -> new Command.Stop(one(workers)));
                offer(3, () -> new Command.Crash(one(workers), label(), version(), random.nextInt(3) == 0));
                offer(1, Command.Park::new);
            }
            offer(4, () -> new Command.Wait(1 + random.nextInt(4), label()));
            return one(choices).get();
        }

        private void offer(int weight, Supplier<Command> choice) {
            for (int i = 0; i < weight; i++) {
                choices.add(choice);
            }
        }

        private void repairs(List<ModelOperation> unfinished) {
            if (unfinished.isEmpty()) {
                return;
            }
            for (Act act : Act.values()) {
                offer(1, () -> repair(one(unfinished), act));
            }
            offer(1, () -> repair(one(List.copyOf(model.operations())), one(List.of(Act.values()))));
            for (ModelOperation one : unfinished) {
                offer(one.is(State.FAILED) ? 3 : 0, () -> repair(one, Act.RESUME));
                offer(one.is(State.FAILED) ? 1 : 0, () -> repair(one, Act.SKIP));
                offer(one.is(State.PAUSED) ? 2 : 0, () -> repair(one, Act.UNPAUSE));
            }
        }

        private Command repair(ModelOperation operation, Act act) {
            return new Command.Repair(operation.label, act, name(operation, act), random.nextInt());
        }

        private @Nullable String name(ModelOperation operation, Act act) {
            if (act == Act.SET_OUTPUT) {
                List<String> outputs = operation.outputNames();
                return outputs.isEmpty() ? "nobodys" : one(outputs);
            }
            List<StepDefinition> steps = operation.version.definition().steps();
            return act == Act.RETRY_FROM || act == Act.JUMP_TO ? one(steps).name() : null;
        }

        private Command enqueue() {
            String key = random.nextInt(4) == 0 ? one(KEYS) : null;
            Integer at = key == null && random.nextInt(3) == 0 ? random.nextInt(5) - 1 : null;
            int delay = random.nextInt(5) == 0 ? 1 + random.nextInt(3) : 0;
            boolean conflicting = random.nextInt(8) == 0;
            return new Command.Enqueue(
                    label(), version(), key, conflicting, at, delay, one(List.of(Priority.values())));
        }

        /** The code that is deployed most of the time. */
        private int version() {
            List<Version> live = List.copyOf(model.workers().values());
            return live.isEmpty() || random.nextInt(3) == 0
                    ? random.nextInt(model.versions().size())
                    : one(live).number();
        }

        private <T> T one(List<T> some) {
            return some.get(random.nextInt(some.size()));
        }
    }
}
