package dev.backops.processor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What stored operations may need of the code: the content of a lock file. It is a list of facts, one line each, so that a
 * change reads well as a difference.
 *
 * @param facts for example {@code step charge output transactionId String}, in the order of the source
 */
record OperationLock(List<String> facts) {

    private static final String TYPE = "(?!default |formerly )\\S+( nullable)?";

    /** What is said first about something. */
    private static final Pattern DECLARATION =
            Pattern.compile("operation \\S+|class \\S+|param \\S+ " + TYPE + "|step \\S+ branch \\S+");

    /** What may be said then. */
    private static final Pattern DETAIL = Pattern.compile("operation formerly \\S+"
            + "|param \\S+ (default \".*\"|formerly \\S+)"
            + "|step \\S+ ((formerly|jumps|may-jump|then|on-failure) \\S+|output \\S+ " + TYPE + ")"
            + "|(branch|output) \\S+ formerly \\S+");

    private static final Pattern CONFLICT = Pattern.compile("(<{7}|\\|{7}|={7}|>{7})( .*)?");

    OperationLock {
        facts = List.copyOf(facts);
    }

    /** A param, or an output of a step. */
    record Value(String name, StoredType type, boolean nullable) {

        private static Value parse(String text) {
            String[] words = text.split(" ", -1);
            return new Value(words[0], new StoredType(words[1]), words.length > 2);
        }

        private static Value of(ValueDeclaration value) {
            return new Value(
                    value.name(),
                    StoredType.of(value.type().kind().orElseThrow()),
                    value.type().nullness().mayBeMissing());
        }

        private String text() {
            return name + " " + type.text() + (nullable ? " nullable" : "");
        }
    }

    /** What is stored of an operation without mistakes. */
    static OperationLock of(OperationDeclaration operation) {
        List<String> facts = new ArrayList<>();
        facts.add("operation " + operation.name().orElseThrow());
        facts.add("class " + operation.names().source().canonicalName());
        addNames(facts, "operation formerly ", operation.formerly().stream());
        for (ValueDeclaration param : operation.paramValues()) {
            String subject = "param " + param.name();
            facts.add("param " + Value.of(param).text());
            param.marks().orElse().ifPresent(text -> facts.add(subject + " default " + quoted(text)));
            addNames(facts, subject + " formerly ", param.marks().formerly().stream());
        }
        Map<String, Set<String>> formerNames = new LinkedHashMap<>();
        for (StepDeclaration step : operation.steps()) {
            addStep(facts, step);
            addFormerNames(
                    formerNames,
                    "branch " + step.flow().branch().text(),
                    step.formerly().branches());
            step.outputs()
                    .forEach(output -> addFormerNames(
                            formerNames,
                            "output " + output.name(),
                            output.value().marks().formerly()));
        }
        formerNames.forEach((subject, names) -> names.forEach(name -> facts.add(subject + " formerly " + name)));
        return new OperationLock(facts);
    }

    private static void addStep(List<String> facts, StepDeclaration step) {
        String subject = "step " + step.name();
        FlowDeclaration flow = step.flow();
        facts.add(subject + " branch " + flow.branch().text());
        addNames(facts, subject + " formerly ", step.formerly().names().stream());
        step.outputs()
                .forEach(output -> facts.add(
                        subject + " output " + Value.of(output.value()).text()));
        addNames(facts, subject + (step.alwaysJumps() ? " jumps " : " may-jump "), flow.jumpsTo().stream());
        flow.then().ifPresent(then -> facts.add(subject + " then " + then.text()));
        flow.onFailure().ifPresent(branch -> facts.add(subject + " on-failure " + branch.text()));
    }

    private static void addNames(List<String> facts, String fact, Stream<Written> names) {
        FormerNames.distinct(names).forEach(name -> facts.add(fact + name));
    }

    /** Several steps may say the same about their branch or output. */
    private static void addFormerNames(Map<String, Set<String>> all, String subject, List<Written> names) {
        all.computeIfAbsent(subject, unseen -> new LinkedHashSet<>()).addAll(FormerNames.distinct(names.stream()));
    }

    /** On one line. */
    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r") + "\"";
    }

    /**
     * Reads the lines of a lock file; blank ones and those that begin with {@code #} say nothing.
     *
     * @throws IllegalArgumentException if it is not understood; the text says where and why
     */
    static OperationLock parse(List<String> lines) {
        Set<String> facts = new LinkedHashSet<>();
        Set<String> subjects = new LinkedHashSet<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (CONFLICT.matcher(line).matches()) {
                throw new IllegalArgumentException("has the marks of a merge conflict in line " + (i + 1) + ".");
            }
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            boolean declares = DECLARATION.matcher(line).matches();
            boolean isNew = declares && subjects.add(subject(line));
            boolean isKnown = DETAIL.matcher(line).matches() && isDeclared(line, subjects);
            if (!(isNew || isKnown) || !facts.add(line)) {
                throw new IllegalArgumentException("says in line " + (i + 1) + " what cannot be understood: " + line);
            }
        }
        if (!subjects.contains("operation") || !subjects.contains("class")) {
            throw new IllegalArgumentException("does not say of which operation and class it is.");
        }
        return new OperationLock(List.copyOf(facts));
    }

    private static String subject(String fact) {
        String[] words = fact.split(" ", -1);
        return words[0].equals("param") || words[0].equals("step") ? words[0] + " " + words[1] : words[0];
    }

    /** The names of branches and outputs are declared by steps only, in whatever line. */
    private static boolean isDeclared(String detail, Set<String> subjects) {
        return detail.startsWith("branch ") || detail.startsWith("output ") || subjects.contains(subject(detail));
    }

    String text() {
        StringBuilder text = new StringBuilder("""
                # What stored operations may need of the code, for the compiler to compare. Written by BackOps when it is asked
                # to, with -Abackops.lock.mode=update (or accept, where stored operations would be left behind).
                """);
        String last = "";
        for (String fact : facts) {
            String group = group(fact);
            text.append(group.equals(last) ? "" : "\n").append(fact).append('\n');
            last = group;
        }
        return text.toString();
    }

    /** What stands together in the file. */
    private static String group(String fact) {
        String kind = fact.substring(0, fact.indexOf(' '));
        return switch (kind) {
            case "step" -> subject(fact);
            case "param" -> kind;
            case "operation", "class" -> "operation";
            default -> "former names";
        };
    }

    /** The name under which operations are stored. */
    String name() {
        return all("operation ").findFirst().orElseThrow();
    }

    List<String> formerNames() {
        return all("operation formerly ").toList();
    }

    String className() {
        return all("class ").findFirst().orElseThrow();
    }

    List<Value> params() {
        return all("param ")
                .filter(fact -> DECLARATION.matcher("param " + fact).matches())
                .map(Value::parse)
                .toList();
    }

    boolean hasDefault(Value param) {
        return all("param " + param.name() + " default ").findFirst().isPresent();
    }

    /** The names of the steps, in order. */
    List<String> steps() {
        return all("step ")
                .map(fact -> fact.split(" ", -1))
                .filter(words -> words[1].equals("branch"))
                .map(words -> words[0])
                .toList();
    }

    String branch(String step) {
        return all("step " + step + " branch ").findFirst().orElseThrow();
    }

    List<Value> outputs(String step) {
        return all("step " + step + " output ").map(Value::parse).toList();
    }

    List<String> jumps(String step) {
        return Stream.concat(all("step " + step + " jumps "), all("step " + step + " may-jump "))
                .toList();
    }

    boolean alwaysJumps(String step) {
        return all("step " + step + " jumps ").findFirst().isPresent();
    }

    Optional<String> then(String step) {
        return all("step " + step + " then ").findFirst();
    }

    Optional<String> onFailure(String step) {
        return all("step " + step + " on-failure ").findFirst();
    }

    /** The names that a param, step, branch or output had before: {@code formerNames("step", "charge")}. */
    List<String> formerNames(String kind, String name) {
        return all(kind + " " + name + " formerly ").toList();
    }

    /** What is said behind some words. */
    private Stream<String> all(String words) {
        return facts.stream().filter(fact -> fact.startsWith(words)).map(fact -> fact.substring(words.length()));
    }
}
