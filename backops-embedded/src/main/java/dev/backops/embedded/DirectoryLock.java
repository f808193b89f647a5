package dev.backops.embedded;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps a directory to one owner among all JVMs of this machine. The operating system drops it with the JVM. */
final class DirectoryLock implements AutoCloseable {
    // POSIX drops a lock when any channel on its file closes, so this JVM must not even open a file that it has locked.
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private DirectoryLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Takes the lock, or returns empty at once where somebody has it. */
    static Optional<DirectoryLock> tryAcquire(Path file) throws IOException {
        if (!HELD_HERE.add(file)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        FileLock lock = null;
        try {
            channel = FileChannel.open(file, CREATE, WRITE);
            lock = channel.tryLock();
            return lock == null ? Optional.empty() : Optional.of(new DirectoryLock(file, channel));
        } finally {
            if (lock == null) {
                if (channel != null) {
                    channel.close();
                }
                HELD_HERE.remove(file);
            }
        }
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            HELD_HERE.remove(file);
        }
    }
}
