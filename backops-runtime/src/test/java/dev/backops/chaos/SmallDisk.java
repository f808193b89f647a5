package dev.backops.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of a fixed size, in memory. Only root can have one. */
final class SmallDisk implements AutoCloseable {

    private static final String SIZE = "256m";

    private final Path directory;

    SmallDisk(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
        run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "backops-chaos", directory.toString());
    }

    /** Whether this user may mount anything here. */
    static boolean isPossible() {
        try {
            Path directory = Files.createTempDirectory("backops-disk");
            try (SmallDisk disk = new SmallDisk(directory)) {
                return Files.isDirectory(disk.directory);
            } finally {
                Files.delete(directory);
            }
        } catch (IOException e) {
            return false;
        }
    }

    Path directory() {
        return directory;
    }

    /** Leaves no byte free. */
    void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(filler())) {
            byte[] bytes = new byte[4_096];
            while (true) {
                out.write(bytes);
            }
        } catch (IOException e) {
            if (Files.size(filler()) == 0) {
                throw e;
            }
        }
    }

    /** Gives back what {@link #fill} took. */
    void free() throws IOException {
        Files.deleteIfExists(filler());
    }

    private Path filler() {
        return directory.resolve("filler");
    }

    @Override
    public void close() throws IOException {
        // Whatever still has a file open there.
        run("umount", "--lazy", directory.toString());
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        int result = process.onExit().join().exitValue();
        if (result != 0) {
            throw new IOException(String.join(" ", command) + " returned " + result);
        }
    }
}
