package dev.backops.model;

import dev.backops.codegen.Field;
import dev.backops.codegen.StepDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One operation as the model sees it, under the names that it is stored with. Hours are those of the model's clock. */
final class ModelOperation {

    enum State {
        READY,
        RUNNING,
        SCHEDULED,
        FAILED,
        PAUSED,
        CANCELLED,
        COMPENSATED,
        COMPLETED;

        private String sql() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a repair answers where it refuses. */
    static final String REFUSED = "refused";

    private static final int FIRST_SUSPECT_CRASH = 3;
    private static final int LAST_CRASH = 6;

    final int label;
    final Version version;
    private final long number;
    private final @Nullable Instant when;
    private final Instant base;

    private @Nullable String key;
    private State state = State.READY;
    private @Nullable String step;
    private int attempts;
    private int crashes;
    private boolean compensating;
    private @Nullable String wanted;
    private int due;
    private int ended;
    private boolean parked;
    private int worker;

    private final List<Row> rows = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();

    /** Each start of a step, those that a crash or a stop ended too. */
    private final List<String> starts = new ArrayList<>();

    /** {@code base} is the time of day from which hours in values count. */
    ModelOperation(
            int label, Version version, long number, @Nullable Instant when, @Nullable String key, Instant base) {
        this.label = label;
        this.version = version;
        this.number = number;
        this.when = when;
        this.key = key;
        this.base = base;
        this.step = version.definition().firstStep().name();
    }

    State state() {
        return state;
    }

    boolean is(State one) {
        return state == one;
    }

    boolean isOver() {
        return state == State.CANCELLED || state == State.COMPENSATED || state == State.COMPLETED;
    }

    boolean isParked() {
        return parked;
    }

    boolean isSuspect() {
        return crashes >= FIRST_SUSPECT_CRASH;
    }

    int crashes() {
        return crashes;
    }

    int due() {
        return due;
    }

    /** Whether somebody wants it to end behind the step that runs. */
    boolean isToEnd() {
        return "cancel".equals(wanted);
    }

    /** When it was over. */
    int ended() {
        return ended;
    }

    @Nullable
    String key() {
        return key;
    }

    long number() {
        return number;
    }

    /** Which worker runs it: the model does not choose, it looks. */
    int worker() {
        return worker;
    }

    void runsOn(int label) {
        worker = label;
    }

    /** The step that runs or is next; there is none at the end. */
    StepDefinition step() {
        return version.paths().step(Objects.requireNonNull(step, "it has ended"));
    }

    int attempt() {
        return attempts + 1;
    }

    int done() {
        return rows.size();
    }

    List<String> starts() {
        return List.copyOf(starts);
    }

    /** The places in the history of transactional steps whose work took effect. */
    List<Integer> effects() {
        return rows.stream()
                .filter(row -> row.status().equals("completed")
                        && version.paths().step(row.step()).isTransactional())
                .map(Row::seq)
                .toList();
    }

    /** Params and outputs. */
    Map<String, Object> context() {
        Map<String, Object> context = new TreeMap<>(outputs());
        context.put(RandomDefinition.NUMBER.name(), number);
        if (when != null) {
            context.put(RandomDefinition.WHEN.name(), when.toString());
        }
        return context;
    }

    /** What the steps set, the later ones over the earlier ones. */
    private Map<String, Object> outputs() {
        Map<String, Object> outputs = new TreeMap<>();
        rows.forEach(row -> row.outputs().forEach((name, value) -> {
            if (value.isPresent()) {
                outputs.put(name, value.get());
            } else {
                outputs.remove(name);
            }
        }));
        return outputs;
    }

    private @Nullable String lastMain() {
        return rows.stream()
                .filter(row -> !row.status().equals("failed") && version.paths().isMain(row.step()))
                .reduce((one, later) -> later)
                .map(Row::step)
                .orElse(null);
    }

    /** How many hours a step waits, if it is next now. */
    private int wait(StepDefinition next) {
        Object at = next.at() == null ? null : context().get(next.at());
        long until = at == null
                ? 0
                : Math.round(Duration.between(base, Instant.parse((String) at)).toMinutes() / 60.0);
        return (int) Math.max(Math.max(0, until), next.delay().toHours());
    }

    private void become(State next) {
        state = next;
        parked = false;
    }

    private void end(State outcome, int now) {
        become(outcome);
        ended = now;
        wanted = null;
        if (outcome == State.CANCELLED) {
            key = null;
        } else {
            step = null;
        }
    }

    // What happens to it.

    void enqueued(int now, int delay) {
        StepDefinition first = step();
        int ownDelay = (int) first.delay().toHours();
        due = now + Math.max(wait(first), delay + ownDelay);
        become(due > now ? State.SCHEDULED : State.READY);
    }

    void becomesDue() {
        become(State.READY);
    }

    void isPutAside() {
        parked = true;
    }

    void starts(int onWorker) {
        become(State.RUNNING);
        worker = onWorker;
        starts.add(done() + " " + step + " attempt " + attempt());
    }

    void returns(int now, Map<String, Optional<Object>> outputs, @Nullable String jump) {
        String here = step().name();
        rows.add(new Row(done(), here, "completed", attempt(), outputs));
        goOn(now, version.paths().after(here, jump, lastMain(), compensating));
    }

    /** {@code interrupted} by somebody who wants it to stop now, so that this was not the last attempt. */
    void throwsError(int now, String errorClass, String message, boolean aborts, boolean interrupted) {
        StepDefinition here = step();
        failures.add(new Failure(done(), here.name(), attempt(), errorClass, message));
        attempts++;
        boolean again = interrupted || (!aborts && attempts < here.retry().maxAttempts());
        Optional<String> branch = version.paths().onFailure(here.name());
        if (!again && branch.isPresent()) {
            rows.add(new Row(done(), here.name(), "failed", attempts, Map.of()));
            compensating = true;
            goOn(now, branch);
            return;
        }
        crashes = 0;
        due = now
                + (again && !interrupted
                        ? (int) here.retry().delayAfter(attempts, 0).toHours()
                        : 0);
        String wish = wanted;
        wanted = null;
        if ("cancel".equals(wish)) {
            end(State.CANCELLED, now);
        } else if (!again) {
            become(State.FAILED);
        } else if ("pause".equals(wish)) {
            become(State.PAUSED);
        } else {
            become(due > now ? State.SCHEDULED : State.READY);
        }
    }

    /** Behind a step that is recorded. */
    private void goOn(int now, Optional<String> next) {
        attempts = 0;
        crashes = 0;
        String wish = wanted;
        wanted = null;
        if (next.isEmpty()) {
            end(compensating ? State.COMPENSATED : State.COMPLETED, now);
            return;
        }
        step = next.get();
        due = now + wait(step());
        if ("cancel".equals(wish)) {
            end(State.CANCELLED, now);
        } else if ("pause".equals(wish)) {
            become(State.PAUSED);
        } else if (due > now) {
            become(State.SCHEDULED);
        } else {
            starts(worker);
        }
    }

    /** Its worker stops before the step is over. */
    void isGivenBack(int now) {
        become(State.READY);
        obey(now);
    }

    /** Its worker is dead. */
    void isRescued(int now) {
        crashes++;
        become(State.READY);
        obey(now);
        if (is(State.READY) && crashes >= LAST_CRASH) {
            String message = "The process died " + crashes + " times while running step " + step;
            failures.add(new Failure(done(), step().name(), attempt(), "dev.backops.CrashedProcess", message));
            become(State.FAILED);
        }
    }

    private void obey(int now) {
        String wish = wanted;
        wanted = null;
        if ("cancel".equals(wish)) {
            end(State.CANCELLED, now);
        } else if ("pause".equals(wish)) {
            become(State.PAUSED);
        }
    }

    // What people do to it; each says what the repair answers.

    String resume(int now) {
        if (!is(State.FAILED)) {
            return REFUSED;
        }
        restart(now);
        return ahead();
    }

    String cancel(int now) {
        if (isOver()) {
            return REFUSED;
        }
        if (is(State.RUNNING)) {
            wanted = "cancel";
            return "false";
        }
        end(State.CANCELLED, now);
        return "true";
    }

    String pause() {
        if (isOver() || is(State.FAILED) || is(State.PAUSED)) {
            return REFUSED;
        }
        if (is(State.RUNNING)) {
            wanted = "cancel".equals(wanted) ? "cancel" : "pause";
            return "false";
        }
        become(State.PAUSED);
        return "true";
    }

    String unpause(int now) {
        if (is(State.PAUSED)) {
            become(due > now ? State.SCHEDULED : State.READY);
        } else if ("pause".equals(wanted)) {
            wanted = null;
        } else {
            return REFUSED;
        }
        return ahead();
    }

    String retryFrom(String name, int now) {
        boolean known =
                name.equals(step) || rows.stream().anyMatch(row -> row.step().equals(name));
        return known ? jumpTo(name, now) : REFUSED;
    }

    String jumpTo(String name, int now) {
        Optional<StepDefinition> target = version.definition().step(name);
        if (isOver() || is(State.RUNNING) || target.isEmpty()) {
            return REFUSED;
        }
        Set<String> lacking = version.paths().lackingAt(name, context().keySet());
        if (!lacking.isEmpty()) {
            return lacking(lacking);
        }
        boolean onMain = version.paths().isMain(name);
        compensating = version.paths().isFailureBranch(target.get().branch())
                || (compensating && (name.equals(step) || !onMain));
        step = name;
        restart(now);
        return ahead();
    }

    /** With all attempts anew, and at once; unless it is paused. */
    private void restart(int now) {
        attempts = 0;
        crashes = 0;
        due = now;
        become(is(State.PAUSED) ? State.PAUSED : State.READY);
    }

    String skip(Map<String, Optional<Object>> outputs, int now) {
        if (isOver() || is(State.RUNNING)) {
            return REFUSED;
        }
        StepDefinition here = step();
        Map<String, Optional<Object>> all = new TreeMap<>();
        for (Field<?> output : here.outputs()) {
            Optional<Object> value = outputs.getOrDefault(output.name(), Optional.empty());
            if (value.isEmpty() && !output.nullable()) {
                return REFUSED;
            }
            all.put(output.name(), value);
        }
        if (!all.keySet().containsAll(outputs.keySet())) {
            return REFUSED;
        }
        Row row = new Row(done(), here.name(), "skipped", 0, all);
        rows.add(row);
        Optional<String> next = version.paths().after(here.name(), null, lastMain(), compensating);
        if (next.isPresent()) {
            Set<String> lacking =
                    version.paths().lackingAt(next.get(), context().keySet());
            if (!lacking.isEmpty()) {
                rows.remove(row);
                return lacking(lacking);
            }
            step = next.get();
            restart(now);
            due = now + wait(step());
            become(is(State.READY) && due > now ? State.SCHEDULED : state);
        } else {
            attempts = 0;
            crashes = 0;
            end(compensating ? State.COMPENSATED : State.COMPLETED, now);
        }
        return ahead();
    }

    String setOutput(String name, Optional<Object> value) {
        boolean known = version.definition().steps().stream()
                .flatMap(each -> each.outputs().stream())
                .anyMatch(output -> output.name().equals(name));
        if (isOver() || is(State.RUNNING) || !known || rows.isEmpty()) {
            return REFUSED;
        }
        Row last = rows.get(rows.size() - 1);
        Map<String, Optional<Object>> changed = new TreeMap<>(last.outputs());
        changed.put(name, value);
        rows.set(rows.size() - 1, new Row(last.seq(), last.step(), last.status(), last.attempts(), changed));
        Set<String> lacking = version.paths().lackingAt(step().name(), context().keySet());
        if (!lacking.isEmpty()) {
            rows.set(rows.size() - 1, last);
            return lacking(lacking);
        }
        return ahead();
    }

    private static String lacking(Set<String> values) {
        return REFUSED + " for " + String.join(", ", values);
    }

    /** What runs from here for certain, and what of that has completed before. */
    private String ahead() {
        List<String> runs = new ArrayList<>();
        String upcoming = isOver() ? null : step;
        String lastMain = lastMain();
        while (upcoming != null && !runs.contains(upcoming)) {
            runs.add(upcoming);
            if (version.paths().step(upcoming).alwaysJumps()) {
                break;
            }
            lastMain = version.paths().isMain(upcoming) ? upcoming : lastMain;
            upcoming = version.paths()
                    .after(upcoming, null, lastMain, compensating)
                    .orElse(null);
        }
        List<String> again = runs.stream()
                .filter(name -> rows.stream()
                        .anyMatch(row -> row.step().equals(name) && row.status().equals("completed")))
                .toList();
        return "runs " + runs + " again " + again;
    }

    // What the tables and the views say of it.

    /** Lines that are the same as {@link Reality} makes of the tables and the views. */
    List<String> describe(int now) {
        boolean waits = is(State.READY) || is(State.SCHEDULED);
        String status = parked ? "waiting" : waits && attempts > 0 ? "retrying" : state.sql();
        List<String> lines = new ArrayList<>();
        lines.add(String.join(
                " ",
                version.definition().name(),
                status,
                "step=" + step,
                "done=" + done(),
                "attempts=" + (is(State.COMPLETED) ? 0 : attempts),
                "crashes=" + (is(State.COMPLETED) ? null : crashes),
                "compensating=" + compensating,
                "wanted=" + wanted,
                "key=" + key,
                "due=" + (is(State.SCHEDULED) || is(State.PAUSED) ? "+" + Math.max(0, due - now) : "now"),
                "error=" + (is(State.COMPLETED) ? null : error()),
                "context=" + context()));
        rows.forEach(row -> lines.add(row.describe()));
        planned(lines, status);
        passedOver(lines);
        failures.forEach(failure -> lines.add(failure.describe()));
        return lines;
    }

    /** The last error of the step at which it stands. */
    private @Nullable String error() {
        return failures.stream()
                .filter(failure -> failure.seq() == done() && failure.step().equals(step))
                .reduce((one, later) -> later)
                .map(failure -> failure.errorClass() + ": " + failure.message())
                .orElse(null);
    }

    private void planned(List<String> lines, String status) {
        if (step == null) {
            return;
        }
        List<String> names = version.paths().fromHereOnItsBranch(step);
        boolean stands = Set.of("running", "failed", "paused", "cancelled").contains(status);
        String here = stands ? status : attempts > 0 ? "retrying" : "pending";
        lines.add(done() + " " + step + " " + here + " attempts=" + attempts + " error=" + error() + " outputs=null");
        for (int i = 1; i < names.size() && !is(State.CANCELLED); i++) {
            lines.add((done() + i) + " " + names.get(i) + " pending attempts=0 error=null outputs=null");
        }
    }

    private void passedOver(List<String> lines) {
        List<String> names =
                version.definition().steps().stream().map(StepDefinition::name).toList();
        int reached = is(State.COMPLETED) ? names.size() : names.indexOf(lastOfMain());
        for (int i = 0; i < reached; i++) {
            String name = names.get(i);
            if (version.paths().isMain(name)
                    && rows.stream().noneMatch(row -> row.step().equals(name))) {
                lines.add((done() + names.size() + 1 + i) + " " + name + " skipped attempts=0 error=null outputs=null");
            }
        }
    }

    /** The step of main at which it stands, or which was the last one that it was at. */
    private @Nullable String lastOfMain() {
        if (step != null && version.paths().isMain(step)) {
            return step;
        }
        return rows.stream()
                .map(Row::step)
                .filter(name -> version.paths().isMain(name))
                .reduce((one, later) -> later)
                .orElse(null);
    }

    @Override
    public String toString() {
        return "operation " + label + " (" + version + ") " + describe(0);
    }

    /** A recorded run of a step; an empty output is one that it unset. */
    private record Row(int seq, String step, String status, int attempts, Map<String, Optional<Object>> outputs) {

        String describe() {
            Map<String, Object> set = new TreeMap<>();
            outputs.forEach((name, value) -> value.ifPresent(there -> set.put(name, there)));
            return seq + " " + step + " " + status + " attempts=" + attempts + " error=null outputs="
                    + (outputs.isEmpty() ? null : set);
        }
    }

    private record Failure(int seq, String step, int attempt, String errorClass, String message) {

        String describe() {
            return "failure " + seq + " " + step + " attempt " + attempt + " " + errorClass + ": " + message;
        }
    }

    /** The names of outputs that its definition has. */
    List<String> outputNames() {
        return List.copyOf(version.definition().steps().stream()
                .flatMap(each -> each.outputs().stream())
                .map(Field::name)
                .collect(TreeSet::new, TreeSet::add, TreeSet::addAll));
    }
}
