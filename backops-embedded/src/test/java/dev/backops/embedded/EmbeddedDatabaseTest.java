package dev.backops.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class EmbeddedDatabaseTest {
    @TempDir
    Path directory;

    @Test
    void temporary_started_acceptsStatements() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.temporary().start()) {
            assertThat(Sql.text(database.dataSource(), "SELECT 'hello'")).isEqualTo("hello");
            assertThat(Sql.text(database.dataSource(), "SHOW listen_addresses")).isEqualTo("127.0.0.1");
            assertThat(Sql.text(database.dataSource(), "SHOW max_connections")).isEqualTo("300");
        }
    }

    @Test
    void temporary_closed_leavesNeitherProcessNorDirectory() throws Exception {
        Path cluster;
        ProcessHandle server;
        try (EmbeddedDatabase database = EmbeddedDatabase.temporary().start()) {
            cluster = cluster(database);
            server = server(cluster);
        }
        assertThat(Processes.isRunning(server)).isFalse();
        assertThat(cluster.getParent()).doesNotExist();
    }

    @Test
    void directory_closed_leavesNoProcess() throws Exception {
        ProcessHandle server;
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
            server = server(cluster(database));
        }
        assertThat(Processes.isRunning(server)).isFalse();
    }

    @Test
    void directory_reopened_hasItsData() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
            Sql.execute(database.dataSource(), "CREATE TABLE note AS SELECT 'kept' AS text");
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
            assertThat(Sql.text(database.dataSource(), "SELECT text FROM note")).isEqualTo("kept");
        }
    }

    @Test
    void directory_byDefault_isDurable() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
            assertThat(durability(database)).containsExactly("on", "on", "on");
        }
    }

    @Test
    void temporary_notDurable_doesNotWaitForTheDisk() throws Exception {
        try (EmbeddedDatabase database =
                EmbeddedDatabase.temporary().durable(false).start()) {
            assertThat(durability(database)).containsExactly("off", "off", "off");
        }
    }

    @Test
    void setting_withQuotes_isTakenLiterally() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.temporary()
                .setting("cluster_name", "it's a \\n $(test)")
                .start()) {
            assertThat(Sql.text(database.dataSource(), "SHOW cluster_name")).isEqualTo("it's a \\n $(test)");
        }
    }

    @Test
    void setting_withAnImpossibleName_isRefused() {
        EmbeddedDatabase.Builder builder = EmbeddedDatabase.temporary();
        assertThatThrownBy(() -> builder.setting("a b", "c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a b");
        assertThatThrownBy(() -> builder.setting("port", "1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("port(int)");
    }

    @Test
    void start_withAnUnknownSetting_saysWhatTheServerSaid() {
        EmbeddedDatabase.Builder builder = EmbeddedDatabase.at(directory).setting("no_such_parameter", "1");
        assertThatThrownBy(builder::start)
                .isInstanceOf(EmbeddedDatabaseException.class)
                .hasMessageContaining(directory.getFileName().toString())
                .hasMessageContaining("no_such_parameter");
    }

    @Test
    void start_afterAFailedOne_works() throws Exception {
        EmbeddedDatabase.Builder builder = EmbeddedDatabase.at(directory).setting("no_such_parameter", "1");
        assertThatThrownBy(builder::start).isInstanceOf(EmbeddedDatabaseException.class);
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
            assertThat(Sql.text(database.dataSource(), "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void start_onATakenPort_isRefused() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            EmbeddedDatabase.Builder builder = EmbeddedDatabase.at(directory).port(taken.getLocalPort());
            assertThatThrownBy(builder::start)
                    .isInstanceOf(EmbeddedDatabaseException.class)
                    .hasMessageContaining("could not bind");
        }
    }

    @Test
    void directory_openInThisJvm_isRefused() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
            EmbeddedDatabase.Builder second = EmbeddedDatabase.at(directory);
            assertThatThrownBy(second::start)
                    .isInstanceOf(EmbeddedDatabaseException.class)
                    .hasMessageContaining(directory.getFileName().toString())
                    .hasMessageContaining("open already");
            assertThat(Sql.text(database.dataSource(), "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void createDatabase_twice_returnsTheSame() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.temporary().start()) {
            DataSource first = database.createDatabase("Shop \"1\"");
            Sql.execute(first, "CREATE TABLE note AS SELECT 'here' AS text");
            DataSource second = database.createDatabase("Shop \"1\"");
            assertThat(Sql.text(second, "SELECT text FROM note")).isEqualTo("here");
            PGSimpleDataSource byUrl = new PGSimpleDataSource();
            byUrl.setUrl(database.jdbcUrl("Shop \"1\""));
            assertThat(Sql.text(byUrl, "SELECT text FROM note")).isEqualTo("here");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void leftoverPidFile_ofAnotherProcess_harmsNeither() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
            Sql.execute(database.dataSource(), "CREATE TABLE note AS SELECT 'kept' AS text");
        }
        Path cluster = directory.toRealPath().resolve("cluster");
        Process innocent = new ProcessBuilder("sleep", "600").start();
        try {
            Files.write(
                    cluster.resolve("postmaster.pid"), List.of(Long.toString(innocent.pid()), cluster.toString(), "0"));
            try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
                assertThat(Sql.text(database.dataSource(), "SELECT text FROM note"))
                        .isEqualTo("kept");
            }
            assertThat(innocent.isAlive()).isTrue();
        } finally {
            innocent.destroyForcibly();
        }
    }

    // As in a container whose process 1 takes no notice of the processes that it inherits.
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void leftoverPidFile_ofAZombie_isRemoved() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
            Sql.execute(database.dataSource(), "CREATE TABLE note AS SELECT 'kept' AS text");
        }
        Path cluster = directory.toRealPath().resolve("cluster");
        Process parent = new ProcessBuilder("sh", "-c", "true & echo $!; exec sleep 600").start();
        try {
            String zombie = parent.inputReader(UTF_8).readLine();
            Files.write(cluster.resolve("postmaster.pid"), List.of(zombie, cluster.toString(), "0"));
            try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
                assertThat(Sql.text(database.dataSource(), "SELECT text FROM note"))
                        .isEqualTo("kept");
            }
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void server_killed_isRecoveredByTheNextStart() throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
            Sql.execute(database.dataSource(), "CREATE TABLE note AS SELECT 'kept' AS text");
            server(cluster(database)).destroyForcibly();
        }
        try (EmbeddedDatabase database = EmbeddedDatabase.at(directory).start()) {
            assertThat(Sql.text(database.dataSource(), "SELECT text FROM note")).isEqualTo("kept");
        }
    }

    private static List<String> durability(EmbeddedDatabase database) throws Exception {
        DataSource dataSource = database.dataSource();
        return List.of(
                Sql.text(dataSource, "SHOW fsync"),
                Sql.text(dataSource, "SHOW synchronous_commit"),
                Sql.text(dataSource, "SHOW full_page_writes"));
    }

    private static Path cluster(EmbeddedDatabase database) throws Exception {
        return Path.of(Sql.text(database.dataSource(), "SHOW data_directory"));
    }

    private static ProcessHandle server(Path cluster) throws IOException {
        return PostmasterFile.read(cluster).flatMap(PostmasterFile::process).orElseThrow();
    }
}
