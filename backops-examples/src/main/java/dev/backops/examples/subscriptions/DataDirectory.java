package dev.backops.examples.subscriptions;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory in which the example keeps its database and its log. A file in it says whose it is, so that nothing of
 * anybody else's is ever written to or deleted.
 */
final class DataDirectory {

    private static final String MARKER = "ABOUT.txt";
    private static final String UNFINISHED_MARKER = "ABOUT.txt.unfinished";
    private static final String FIRST_LINE = "The database and the log of the BackOps example.\n";
    private static final String SECOND_LINE =
            "Delete this directory whenever you like, or run the example with --fresh.\n";

    private final Path directory;

    private DataDirectory(Path directory) {
        this.directory = directory;
    }

    /**
     * Opens a directory, and creates it where it is not there.
     *
     * @throws JobException if it is somebody else's, or cannot be written to
     */
    static DataDirectory open(Path directory) {
        try {
            Files.createDirectories(directory);
            if (!isOurs(directory)) {
                if (!isEmpty(directory)) {
                    throw new JobException(
                            directory + " is not empty, and was not made by this example; choose another --data-dir");
                }
                mark(directory);
            }
            if (!Files.isWritable(directory)) {
                throw new JobException(directory + " cannot be written to");
            }
            return new DataDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            throw new JobException(directory + " is not a directory", e);
        } catch (IOException e) {
            throw new JobException("The data directory " + directory + " cannot be used: " + e, e);
        }
    }

    Path database() {
        return directory.resolve("postgres");
    }

    Path log() {
        return directory.resolve("fulfillment.log");
    }

    /** Deletes the database. Whoever runs it has stopped it before. */
    void deleteDatabase() {
        try {
            if (Files.exists(database())) {
                Files.walkFileTree(database(), new Deleter());
            }
        } catch (IOException e) {
            throw new JobException("The old database in " + directory + " cannot be deleted: " + e, e);
        }
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    private static boolean isOurs(Path directory) throws IOException {
        Path marker = directory.resolve(MARKER);
        return Files.isRegularFile(marker) && Files.readString(marker).startsWith(FIRST_LINE);
    }

    private static boolean isEmpty(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.allMatch(file -> file.getFileName().toString().equals(UNFINISHED_MARKER));
        }
    }

    // By one rename: a run that is killed here leaves a directory that the next one still takes for an empty one.
    private static void mark(Path directory) throws IOException {
        Path unfinished = directory.resolve(UNFINISHED_MARKER);
        Files.writeString(unfinished, FIRST_LINE + SECOND_LINE);
        Files.move(unfinished, directory.resolve(MARKER), ATOMIC_MOVE);
    }

    /** Deletes links, and not what they lead to. */
    private static final class Deleter extends SimpleFileVisitor<Path> {

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
        }
    }
}
