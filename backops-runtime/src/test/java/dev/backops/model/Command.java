package dev.backops.model;

import dev.backops.annotation.Priority;
import dev.backops.codegen.Field;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.Types;
import dev.backops.model.ModelOperation.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that people, steps, machines or time do. Operations and workers go by labels that hold whichever other commands are
 * left out, so that a sequence can be shortened; a command that makes no sense then does not fit.
 */
sealed interface Command {

    /** Whether it makes sense now. */
    boolean fits(Model model);

    /** Does it to the runtime, before it is done to the model; returns the answer. */
    String run(Reality reality, Model before);

    /** Does it to the model; returns the answer that is expected. */
    String predict(Model model);

    /** An operation is enqueued; with a key it has the params of all others of that key, unless it is {@code conflicting}. */
    record Enqueue(
            int label,
            int version,
            @Nullable String key,
            boolean conflicting,
            @Nullable Integer at,
            int delay,
            Priority priority)
            implements Command {

        private long number() {
            return key == null || conflicting ? label : -1;
        }

        @Override
        public boolean fits(Model model) {
            return model.allowsStoring(model.versions().get(version));
        }

        @Override
        public String run(Reality reality, Model before) {
            return reality.enqueue(
                    label,
                    before.versions().get(version),
                    key,
                    number(),
                    at == null ? null : before.base().plus(Duration.ofHours(at)),
                    delay,
                    priority);
        }

        @Override
        public String predict(Model model) {
            return model.enqueue(label, model.versions().get(version), key, number(), at, delay);
        }
    }

    /** The running step returns, with outputs and a jump that follow from {@code salt}. */
    record Return(int label, int salt) implements Command {

        @Override
        public boolean fits(Model model) {
            return model.running(label).isPresent();
        }

        @Override
        public String run(Reality reality, Model before) {
            StepDefinition step = step(before);
            reality.returns(label, Salt.outputs(step, salt, before), Salt.jump(step, salt));
            return "";
        }

        @Override
        public String predict(Model model) {
            StepDefinition step = step(model);
            model.running(label)
                    .orElseThrow()
                    .returns(model.now(), Salt.outputs(step, salt, model), Salt.jump(step, salt));
            return "";
        }

        private StepDefinition step(Model model) {
            return model.running(label).orElseThrow().step();
        }
    }

    /** The running step throws, an error that says that no attempt may follow if it {@code aborts}. */
    record Throw(int label, boolean aborts) implements Command {

        @Override
        public boolean fits(Model model) {
            return model.running(label).isPresent();
        }

        @Override
        public String run(Reality reality, Model before) {
            reality.throwsError(label, aborts);
            return "";
        }

        @Override
        public String predict(Model model) {
            String error = aborts ? "dev.backops.StepAbortedException" : "java.lang.IllegalStateException";
            model.running(label)
                    .orElseThrow()
                    .throwsError(model.now(), error, Reality.ERROR, aborts, /* interrupted= */ false);
            return "";
        }
    }

    /** Somebody repairs an operation; what is not needed is null. */
    record Repair(int label, Act act, @Nullable String name, int salt) implements Command {

        /** What there is to do. */
        enum Act {
            RESUME,
            CANCEL,
            CANCEL_NOW,
            PAUSE,
            PAUSE_NOW,
            UNPAUSE,
            RETRY_FROM,
            JUMP_TO,
            SKIP,
            SET_OUTPUT
        }

        @Override
        public boolean fits(Model model) {
            return model.operation(label).isPresent();
        }

        @Override
        public String run(Reality reality, Model before) {
            return reality.repair(label, act, String.valueOf(name), outputs(before), value(before));
        }

        @Override
        public String predict(Model model) {
            ModelOperation operation = model.operation(label).orElseThrow();
            int now = model.now();
            return switch (act) {
                case RESUME -> operation.resume(now);
                case CANCEL -> operation.cancel(now);
                case PAUSE -> operation.pause();
                case CANCEL_NOW -> interrupted(operation, operation.cancel(now), now);
                case PAUSE_NOW ->
                    operation.isToEnd() ? operation.pause() : interrupted(operation, operation.pause(), now);
                case UNPAUSE -> operation.unpause(now);
                case RETRY_FROM -> operation.retryFrom(String.valueOf(name), now);
                case JUMP_TO -> operation.jumpTo(String.valueOf(name), now);
                case SKIP -> operation.skip(outputs(model), now);
                case SET_OUTPUT -> operation.setOutput(String.valueOf(name), value(model));
            };
        }

        private static String interrupted(ModelOperation operation, String answer, int now) {
            if (operation.is(State.RUNNING)) {
                operation.throwsError(
                        now, "java.lang.InterruptedException", "interrupted", false, /* interrupted= */ true);
            }
            return answer;
        }

        private Map<String, Optional<Object>> outputs(Model model) {
            ModelOperation operation = model.operation(label).orElseThrow();
            return operation.isOver() ? Map.of() : Salt.skipped(operation.step(), salt, model);
        }

        private Optional<Object> value(Model model) {
            return Salt.value(String.valueOf(name), salt, model);
        }
    }

    /** A process starts. */
    record Start(int worker, int version) implements Command {

        @Override
        public boolean fits(Model model) {
            boolean alone = model.workers().isEmpty();
            return (alone || (model.workers().size() == 1 && !model.suspectsAreNear()))
                    && model.allows(model.versions().get(version));
        }

        @Override
        public String run(Reality reality, Model before) {
            reality.start(worker, before.versions().get(version));
            return "";
        }

        @Override
        public String predict(Model model) {
            model.start(worker, model.versions().get(version));
            return "";
        }
    }

    /** A process stops as it should. */
    record Stop(int worker) implements Command {

        @Override
        public boolean fits(Model model) {
            return model.workers().containsKey(worker);
        }

        @Override
        public String run(Reality reality, Model before) {
            reality.stop(worker);
            return "";
        }

        @Override
        public String predict(Model model) {
            model.stop(worker);
            return "";
        }
    }

    /** A process is gone from one moment to the next, and another one starts; or it comes back when that has its work. */
    record Crash(int worker, int successor, int version, boolean comesBack) implements Command {

        @Override
        public boolean fits(Model model) {
            return model.workers().containsKey(worker)
                    && (model.workers().size() == 1 || !model.suspectsAreNear())
                    && model.allows(model.versions().get(version));
        }

        @Override
        public String run(Reality reality, Model before) {
            reality.crash(worker, successor, before.versions().get(version), comesBack);
            return "";
        }

        @Override
        public String predict(Model model) {
            model.crash(worker);
            model.start(successor, model.versions().get(version));
            return "";
        }
    }

    /** Hours go by. Where something is too old then a process is replaced, since that is when it is deleted for certain. */
    record Wait(int hours, int successor) implements Command {

        @Override
        public boolean fits(Model model) {
            return true;
        }

        @Override
        public String run(Reality reality, Model before) {
            reality.jump(hours);
            replaced(before).ifPresent(worker -> {
                reality.stop(worker);
                reality.start(successor, code(before, worker));
            });
            return "";
        }

        @Override
        public String predict(Model model) {
            Optional<Integer> replaced = replaced(model);
            model.jump(hours);
            replaced.ifPresent(worker -> {
                Version code = code(model, worker);
                model.stop(worker);
                model.start(successor, code);
            });
            return "";
        }

        private Optional<Integer> replaced(Model model) {
            return model.workers().keySet().stream().findFirst().filter(worker -> model.hasOutdatedIn(hours));
        }

        private static Version code(Model model, int worker) {
            return Objects.requireNonNull(model.workers().get(worker), "a live worker");
        }
    }

    /** What nobody can run was there for a lease. */
    record Park() implements Command {

        @Override
        public boolean fits(Model model) {
            return !model.workers().isEmpty();
        }

        @Override
        public String run(Reality reality, Model before) {
            reality.park();
            return "";
        }

        @Override
        public String predict(Model model) {
            model.park();
            return "";
        }
    }

    /** What is random within a command, always the same for the same salt and operation. */
    final class Salt {

        private Salt() {}

        /** What a step returns; empty where it returns null. */
        static Map<String, Optional<Object>> outputs(StepDefinition step, int salt, Model model) {
            Random random = new Random(salt);
            Map<String, Optional<Object>> outputs = new TreeMap<>();
            for (Field<?> output : step.outputs()) {
                boolean nothing = output.nullable() && random.nextInt(3) == 0;
                outputs.put(output.name(), nothing ? Optional.empty() : of(output, random, model));
            }
            return outputs;
        }

        /** What somebody says that a step would have returned, now and then less or more than that. */
        static Map<String, Optional<Object>> skipped(StepDefinition step, int salt, Model model) {
            Map<String, Optional<Object>> outputs = outputs(step, salt, model);
            int slip = new Random(salt + 1L).nextInt(8);
            if (slip == 0) {
                outputs.keySet().stream().findFirst().ifPresent(outputs::remove);
            } else if (slip == 1) {
                outputs.replaceAll((name, value) -> Optional.empty());
            } else if (slip == 2) {
                outputs.put("nobodys", Optional.of("x"));
            }
            return outputs;
        }

        static @Nullable String jump(StepDefinition step, int salt) {
            Random random = new Random(salt + 2L);
            List<String> jumps = step.jumps();
            boolean stays = jumps.isEmpty() || (!step.alwaysJumps() && random.nextBoolean());
            return stays ? null : jumps.get(random.nextInt(jumps.size()));
        }

        /** A value for an output of any version, or nothing. */
        static Optional<Object> value(String output, int salt, Model model) {
            Random random = new Random(salt);
            return random.nextInt(4) == 0
                    ? Optional.empty()
                    : model.versions().stream()
                            .flatMap(version -> version.definition().steps().stream())
                            .flatMap(step -> step.outputs().stream())
                            .filter(field -> field.name().equals(output))
                            .findFirst()
                            .flatMap(field -> of(field, random, model));
        }

        private static Optional<Object> of(Field<?> field, Random random, Model model) {
            return Optional.of(
                    field.type().equals(Types.INSTANT)
                            ? model.base()
                                    .plus(Duration.ofHours(random.nextInt(5) - 1))
                                    .toString()
                            : "value" + random.nextInt(1_000));
        }
    }
}
