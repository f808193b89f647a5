package dev.backops.embedded;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked from the class path into a directory that all JVMs of a user share.
 *
 * <p>They appear there by one rename, so that a JVM killed while it unpacks leaves nothing that the next would mistake for
 * a complete server.
 */
final class PostgresBinaries {
    private static final Object UNPACK_LOCK = new Object();

    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    /** Unpacks the programs for this machine unless a JVM did so before; waits while another one is at it. */
    static PostgresBinaries in(Path cache) throws IOException {
        URL archive = archive();
        Path home = cache.resolve("postgresql-" + digest(archive).substring(0, 16));
        if (!Files.isDirectory(home)) {
            Files.createDirectories(cache);
            // A file lock alone does not exclude the threads of one JVM: it throws.
            synchronized (UNPACK_LOCK) {
                try (FileChannel channel = FileChannel.open(cache.resolve("unpack.lock"), CREATE, WRITE)) {
                    channel.lock(); // until the channel closes
                    if (!Files.isDirectory(home)) {
                        unpack(archive, cache, home);
                    }
                }
            }
        }
        return new PostgresBinaries(home);
    }

    /** The directory shared by default: the user's own, because programs in a common one could be anybody's. */
    static Path defaultCache() {
        Path userHome = Path.of(System.getProperty("user.home"));
        Path caches = firstSet("XDG_CACHE_HOME", "LOCALAPPDATA", userHome.resolve(".cache"));
        return caches.resolve("backops");
    }

    /** A command line for one of the programs, which refuse to run as root unless it is made to look like somebody else. */
    List<String> command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        return command;
    }

    static boolean isRoot() {
        try {
            return Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return false;
        }
    }

    private static Path firstSet(String variable, String otherVariable, Path otherwise) {
        for (String name : List.of(variable, otherVariable)) {
            String value = System.getenv(name);
            if (value != null && Path.of(value).isAbsolute()) {
                return Path.of(value);
            }
        }
        return otherwise;
    }

    private static URL archive() {
        List<String> names = archiveNames();
        for (String name : names) {
            URL found = PostgresBinaries.class.getResource("/" + name);
            if (found != null) {
                return found;
            }
        }
        throw new EmbeddedDatabaseException(
                "The class path has no PostgreSQL for this machine (" + names.get(0)
                        + "). Add the artifact of io.zonky.test.postgres for it; Maven does so by itself on the usual platforms.");
    }

    private static List<String> archiveNames() {
        String name = "postgres-%s-%s".formatted(operatingSystem(), architecture());
        // Alpine's C library is another one, so there the programs for other Linuxes do not start.
        return Files.exists(Path.of("/etc/alpine-release"))
                ? List.of(name + "-alpine_linux.txz", name + ".txz")
                : List.of(name + ".txz");
    }

    private static String operatingSystem() {
        String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        if (name.startsWith("windows")) {
            return "windows";
        }
        return name.startsWith("mac") ? "darwin" : name;
    }

    private static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64" -> "x86_64";
            case "aarch64" -> "arm_64";
            default -> name;
        };
    }

    private static String digest(URL archive) throws IOException {
        try (DigestInputStream in = new DigestInputStream(archive.openStream(), MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void unpack(URL archive, Path cache, Path home) throws IOException {
        removeUnfinished(cache);
        Path unfinished = Files.createTempDirectory(cache, "unfinished-");
        try (InputStream in = archive.openStream();
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                unpack(entry, tar, unfinished);
            }
        }
        Files.move(unfinished, home, ATOMIC_MOVE);
    }

    private static void unpack(TarArchiveEntry entry, InputStream content, Path directory) throws IOException {
        Path target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
            throw new IOException("The archive has an entry outside of its directory: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(target);
            return;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(target, directory.resolve(entry.getLinkName()));
        } else {
            Files.copy(content, target);
            if (target.startsWith(directory.resolve("bin"))) {
                target.toFile().setExecutable(true);
            }
        }
    }

    private static void removeUnfinished(Path cache) throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(cache, "unfinished-*")) {
            for (Path leftover : leftovers) {
                Directories.delete(leftover);
            }
        }
    }
}
