package dev.backops.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a server writes into {@code postmaster.pid} while it runs, and leaves there when it is killed. */
record PostmasterFile(Path file, long pid, Path cluster) {

    /** Reads the file of a cluster; empty where there is none, or none that a server has finished writing. */
    static Optional<PostmasterFile> read(Path cluster) throws IOException {
        Path file = cluster.resolve("postmaster.pid");
        try {
            List<String> lines = Files.readAllLines(file);
            return Optional.of(
                    new PostmasterFile(file, Long.parseLong(lines.get(0).strip()), Path.of(lines.get(1))));
        } catch (NoSuchFileException | NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** The running process that has the pid now, which need not be the one that wrote the file. */
    Optional<ProcessHandle> process() {
        return pid > 0 ? ProcessHandle.of(pid).filter(Processes::isRunning) : Optional.empty();
    }

    /** Whether a process is the server of this cluster, as far as the operating system shows it. */
    boolean isServer(ProcessHandle process) {
        return process.info().command().filter(PostmasterFile::isPostgres).isPresent() && servesCluster(process);
    }

    /** Whether a process is certainly another one: after a restart of the machine a pid may belong to anybody. */
    boolean isSomethingElse(ProcessHandle process) {
        return process.info().command().isPresent() && !isServer(process);
    }

    private static boolean isPostgres(String command) {
        String name = String.valueOf(Path.of(command).getFileName());
        // Linux appends " (deleted)" where the binaries were removed while the server runs.
        return name.equals("postgres") || name.equals("postgres.exe") || name.equals("postgres (deleted)");
    }

    // Windows shows no arguments; there the pid, the program and the file's own directory must do.
    private boolean servesCluster(ProcessHandle process) {
        return process.info()
                .arguments()
                .map(arguments -> Arrays.asList(arguments).contains(cluster.toString()))
                .orElse(true);
    }
}
