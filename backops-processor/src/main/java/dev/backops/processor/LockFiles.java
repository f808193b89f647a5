package dev.backops.processor;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The lock files of a project, one per operation, in the directory that an option names.
 *
 * <p>They stand beside the sources, where the filer knows no place. So nothing is written unless the mode asks for it: to an
 * ordinary build they are inputs, and what somebody only tries out is not locked.
 */
final class LockFiles {

    static final String DIRECTORY_OPTION = "backops.lock";
    static final String MODE_OPTION = "backops.lock.mode";

    private static final String SUFFIX = ".lock";

    private final Optional<Path> directory;
    private final Mode mode;
    private Optional<List<String>> wrongOption;

    private LockFiles(Optional<Path> directory, Mode mode, Optional<List<String>> wrongOption) {
        this.directory = directory;
        this.mode = mode;
        this.wrongOption = wrongOption;
    }

    /** What happens to the files. */
    private enum Mode {
        /** What would leave stored operations behind is an error. */
        CHECK,
        /** The same, and so is every other difference. */
        EXACT,
        /** As {@link #CHECK}; other differences are written. */
        UPDATE,
        /** Every difference is written. */
        ACCEPT;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static LockFiles of(Map<String, String> options) {
        // An option without a value is null.
        String directory = Objects.requireNonNullElse(options.get(DIRECTORY_OPTION), "");
        String mode = options.get(MODE_OPTION);
        Optional<Mode> known = Arrays.stream(Mode.values())
                .filter(candidate -> candidate.text().equals(mode))
                .findFirst();
        if (!options.containsKey(DIRECTORY_OPTION)) {
            return options.containsKey(MODE_OPTION)
                    ? wrong(
                            "-A" + MODE_OPTION + " is given, but not where the lock files are.",
                            "Say so with -A" + DIRECTORY_OPTION + "=/absolute/path.")
                    : new LockFiles(Optional.empty(), Mode.CHECK, Optional.empty());
        }
        if (options.containsKey(MODE_OPTION) && known.isEmpty()) {
            return wrong(
                    "-A" + MODE_OPTION + "=" + mode + " is no way to treat lock files.",
                    "There are: " + Arrays.stream(Mode.values()).map(Mode::text).collect(Collectors.joining(", ")));
        }
        return absolute(directory)
                .map(path -> new LockFiles(Optional.of(path), known.orElse(Mode.CHECK), Optional.empty()))
                .orElseGet(() -> wrong(
                        "-A" + DIRECTORY_OPTION + "=" + directory + " is no absolute path.",
                        "A compiler runs in any directory: let the build tool complete the path, for example"
                                + " ${project.basedir}/backops in Maven."));
    }

    private static LockFiles wrong(String... lines) {
        return new LockFiles(Optional.empty(), Mode.CHECK, Optional.of(List.of(lines)));
    }

    private static Optional<Path> absolute(String path) {
        try {
            return Optional.of(Path.of(path)).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Whether to check an operation changes nothing, so that it can be done twice. */
    boolean areOnlyRead() {
        return wrongOption.isEmpty() && mode != Mode.UPDATE && mode != Mode.ACCEPT;
    }

    /** Compares an operation without mistakes with its file. */
    void check(OperationDeclaration operation, Report report) {
        if (wrongOption.isPresent()) {
            report.error("InvalidLockOption", Place.of(operation.element()), lines(wrongOption.get()));
            // It holds for all operations alike.
            wrongOption = Optional.empty();
        }
        if (directory.isEmpty() || mode == Mode.ACCEPT) {
            return;
        }
        Path file = file(operation);
        try {
            for (String name : names(operation)) {
                Path candidate = file(name);
                if (Files.exists(candidate)) {
                    file = candidate;
                    compare(OperationLock.parse(Files.readAllLines(candidate)), name, operation, report);
                    return;
                }
            }
            checkNew(operation, report);
        } catch (IOException e) {
            invalid(file, "cannot be read: " + e, operation, report);
        } catch (IllegalArgumentException e) {
            invalid(file, String.valueOf(e.getMessage()), operation, report);
        }
    }

    private void compare(OperationLock lock, String name, OperationDeclaration operation, Report report) {
        if (!lock.name().equals(name)) {
            throw new IllegalArgumentException("is of " + lock.name() + ", which its name does not say.");
        }
        LockRule.check(lock, operation, report);
        OperationLock today = OperationLock.of(operation);
        if (mode == Mode.EXACT && !report.hasErrors() && !today.equals(lock)) {
            List<String> differences = Stream.concat(
                            minus(lock, today).map(fact -> "- " + fact),
                            minus(today, lock).map(fact -> "+ " + fact))
                    .toList();
            outdated(operation, report, differences.isEmpty() ? "has another order." : "is behind.", differences);
        }
    }

    private static Stream<String> minus(OperationLock one, OperationLock other) {
        return one.facts().stream().filter(fact -> !other.facts().contains(fact));
    }

    /** An operation without a file: a new one, or one that has another name than before. */
    private void checkNew(OperationDeclaration operation, Report report) throws IOException {
        Optional<Path> before = ofSameClass(operation).stream().findFirst();
        if (before.isPresent()) {
            String name = before.get().getFileName().toString().replace(SUFFIX, "");
            report.error(
                    "LostOperation",
                    operation.annotation().place("value"),
                    operation.simpleName() + " was \"" + name
                            + "\" before, and operations may be stored under that name.",
                    "Say formerly = \"" + name + "\".",
                    LockRule.ACCEPT);
        } else if (mode == Mode.EXACT) {
            outdated(operation, report, "is not there.", List.of());
        }
    }

    private void outdated(OperationDeclaration operation, Report report, String problem, List<String> differences) {
        List<String> lines = new ArrayList<>(List.of(
                "The lock file " + file(operation) + " " + problem,
                "Compile with -A" + MODE_OPTION + "=" + Mode.UPDATE.text() + ", and commit the file."));
        lines.addAll(differences);
        report.error("OutdatedLock", Place.of(operation.element()), lines(lines));
    }

    private static void invalid(Path file, String problem, OperationDeclaration operation, Report report) {
        report.error(
                "InvalidLockFile",
                Place.of(operation.element()),
                "The lock file " + file + " " + problem,
                "Take it from version control again, then compile with -A" + MODE_OPTION + "=" + Mode.UPDATE.text()
                        + ".");
    }

    /** Brings the file of an operation up to date, if the mode says so; only after {@link #check} found nothing. */
    void write(OperationDeclaration operation, Report report) {
        if (directory.isEmpty() || mode == Mode.CHECK || mode == Mode.EXACT) {
            return;
        }
        Path file = file(operation);
        OperationLock today = OperationLock.of(operation);
        try {
            List<Path> former = former(operation);
            if (!Files.exists(file) || !saysTheSame(file, today)) {
                Files.createDirectories(file.getParent());
                replace(file, today.text());
            }
            for (Path obsolete : former) {
                Files.deleteIfExists(obsolete);
            }
        } catch (IOException e) {
            report.error(
                    "UnwritableLock",
                    Place.of(operation.element()),
                    "The lock file " + file + " cannot be written: " + e,
                    "Mend that, or name another directory with -A" + DIRECTORY_OPTION + ".");
        }
    }

    /** In one move, so that nobody ever reads half a file, also after a crash. */
    private static void replace(Path file, String text) throws IOException {
        Path written = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            Files.writeString(written, text, StandardOpenOption.CREATE_NEW);
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    /** Whatever its comments and the ends of its lines: those are left as they are. */
    private static boolean saysTheSame(Path file, OperationLock lock) throws IOException {
        try {
            return OperationLock.parse(Files.readAllLines(file)).equals(lock);
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return false;
        }
    }

    /** The files of an operation that had another name. */
    private List<Path> former(OperationDeclaration operation) throws IOException {
        List<Path> files = new ArrayList<>();
        operation.formerly().forEach(name -> files.add(file(name.text())));
        if (!Files.exists(file(operation))) {
            files.addAll(ofSameClass(operation));
        }
        return files;
    }

    private List<Path> ofSameClass(OperationDeclaration operation) throws IOException {
        Path parent = directory.orElseThrow();
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        String fact = "class " + operation.names().source().canonicalName();
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(parent, "*" + SUFFIX)) {
            for (Path file : files) {
                // Whether it makes sense is not looked at here: that is told of the operation that it is of.
                if (new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                        .lines()
                        .anyMatch(fact::equals)) {
                    found.add(file);
                }
            }
        }
        return found.stream().sorted().toList();
    }

    private Path file(OperationDeclaration operation) {
        return file(operation.name().orElseThrow());
    }

    private Path file(String name) {
        return directory.orElseThrow().resolve(name + SUFFIX);
    }

    private static List<String> names(OperationDeclaration operation) {
        return Stream.concat(
                        operation.name().stream(), operation.formerly().stream().map(Written::text))
                .toList();
    }

    private static String[] lines(List<String> lines) {
        return lines.toArray(String[]::new);
    }
}
