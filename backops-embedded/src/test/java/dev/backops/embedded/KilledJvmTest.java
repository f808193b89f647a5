package dev.backops.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KilledJvmTest {
    @TempDir
    Path directory;

    @Test
    void killedJvm_sameDirectory_hasTheRowAndNoOrphan() throws Exception {
        ProcessHandle orphan;
        try (ChildJvm child = ChildJvm.start(directory.toString())) {
            orphan = server(child.awaitOpen());
            child.kill();
            assertThat(Processes.isRunning(orphan))
                    .as("the server outlives its JVM")
                    .isTrue();
        }
        ProcessHandle server;
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
            server = server(directory.toRealPath().resolve("cluster"));
            assertThat(Sql.text(database.dataSource(), "SELECT text FROM note")).isEqualTo("from the child");
            assertThat(server.pid()).isNotEqualTo(orphan.pid());
            assertThat(Processes.isRunning(orphan)).isFalse();
        }
        assertThat(Processes.isRunning(server)).isFalse();
    }

    @Test
    void killedJvm_fixedPort_takesTheNewSettings() throws Exception {
        int port;
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
            port = database.port();
        }
        try (ChildJvm child = ChildJvm.start(directory.toString())) {
            child.awaitOpen();
            child.kill();
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory)
                .port(port)
                .setting("work_mem", "7MB")
                .start()) {
            assertThat(Sql.text(database.dataSource(), "SHOW work_mem")).isEqualTo("7MB");
        }
    }

    @Test
    void secondJvm_sameDirectory_isRefusedAndTheFirstUnharmed() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start();
                ChildJvm child = ChildJvm.start(directory.toString())) {
            assertThat(child.awaitFailure())
                    .contains("EmbeddedDatabaseException")
                    .contains("open already")
                    .contains(directory.toRealPath().toString());
            assertThat(Sql.text(database.dataSource(), "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void exitingJvm_temporary_leavesNeitherProcessNorDirectory() throws Exception {
        try (ChildJvm child = ChildJvm.start("temporary")) {
            Path cluster = child.awaitOpen();
            ProcessHandle server = server(cluster);
            child.exit();
            assertThat(Processes.isRunning(server)).isFalse();
            assertThat(cluster.getParent()).doesNotExist();
        }
    }

    @Test
    void terminatedJvm_temporary_leavesNeitherProcessNorDirectory() throws Exception {
        try (ChildJvm child = ChildJvm.start("temporary")) {
            Path cluster = child.awaitOpen();
            ProcessHandle server = server(cluster);
            child.terminate();
            assertThat(Processes.isRunning(server)).isFalse();
            assertThat(cluster.getParent()).doesNotExist();
        }
    }

    @Test
    void terminatedJvm_directory_leavesNoProcess() throws Exception {
        try (ChildJvm child = ChildJvm.start(directory.toString())) {
            ProcessHandle server = server(child.awaitOpen());
            child.terminate();
            assertThat(Processes.isRunning(server)).isFalse();
        }
    }

    @Test
    void severalJvms_coldCache_allStart() throws Exception {
        List<ChildJvm> children = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                children.add(ChildJvm.start("temporary", directory.toString()));
            }
            Set<Path> clusters = new HashSet<>();
            for (ChildJvm child : children) {
                clusters.add(child.awaitOpen());
            }
            assertThat(clusters).hasSize(children.size());
            for (ChildJvm child : children) {
                child.exit();
            }
        } finally {
            children.forEach(ChildJvm::close);
        }
    }

    private static ProcessHandle server(Path cluster) throws IOException {
        return PostmasterFile.read(cluster).flatMap(PostmasterFile::process).orElseThrow();
    }
}
