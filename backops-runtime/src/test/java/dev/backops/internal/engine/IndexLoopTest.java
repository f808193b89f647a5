package dev.backops.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.backops.BackOps;
import dev.backops.Search;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationSteps;
import dev.backops.codegen.StepDefinition;
import dev.backops.codegen.StepResult;
import dev.backops.codegen.Types;
import dev.backops.codegen.Values;
import dev.backops.internal.schema.Migrations;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.ParamIndex;
import dev.backops.testkit.Tables;
import dev.backops.testkit.TestDatabase;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

class IndexLoopTest {

    private static final Field<String> CITY =
            Field.required("city", Types.STRING).indexed();
    private static final OperationDefinition DEFINITION = OperationDefinition.named("mail.box")
            .formerly("letters")
            .params(CITY)
            .step(StepDefinition.named("send"));
    private static final ParamIndex INDEX = ParamIndex.of(DEFINITION).get(0);

    @RegisterExtension
    final TestDatabase database = new TestDatabase();

    private final Tables tables = new Tables(database);

    @Test
    void start_buildsInTheBackgroundWhatSearchesThenUse() {
        try (BackOps backOps = BackOps.builder(database.dataSource()).build()) {
            backOps.register(steps());
            backOps.start();
            await().atMost(Duration.ofSeconds(30)).until(this::isValid);

            String tooLong = "x".repeat(3_000);
            long brief = backOps.client(DEFINITION)
                    .enqueue(() -> Values.of(CITY, "Köln"))
                    .id();
            long wordy = backOps.client(DEFINITION)
                    .enqueue(() -> Values.of(CITY, tooLong))
                    .id();
            assertThat(backOps.client(DEFINITION)
                            .find(Search.all(), values -> values)
                            .where(CITY, "Köln")
                            .list())
                    .extracting(one -> one.id())
                    .containsExactly(brief);
            assertThat(backOps.client(DEFINITION)
                            .find(Search.all(), values -> values)
                            .where(CITY, tooLong)
                            .count())
                    .isEqualTo(1);
            assertThat(tables.numbers("SELECT id FROM backops.by_param('mail.box', 'city', '\"Köln\"')"))
                    .containsExactly(brief);
            assertThat(tables.numbers(
                            "SELECT id FROM backops.by_param('mail.box', 'city', to_jsonb('" + tooLong + "'::text))"))
                    .containsExactly(wordy);
            assertThat(backOps.indexStatements()).containsExactly(INDEX.statement("backops"));
        }
    }

    @Test
    void runOnce_besideAnotherBuilder_leavesItToThat() {
        IndexLoop loop = loop();
        try (Handle other = tables.open()) {
            assertThat(Tables.STORES.indexes().alone(other, own -> {
                        assertThat(loop.runOnce()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(90));
                        assertThat(isValid()).isFalse();
                    }))
                    .isTrue();
        }

        assertThat(loop.runOnce()).isEqualTo(LoopThread.untilWoken());
        assertThat(isValid()).isTrue();
    }

    @Test
    void runOnce_afterABuildThatBrokeOff_buildsAnew() {
        IndexLoop loop = loop();
        loop.runOnce();
        tables.execute("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'backops." + INDEX.indexName()
                + "'::regclass");

        loop.runOnce();

        assertThat(isValid()).isTrue();
    }

    @Test
    void runOnce_leavesTheConnectionAsItCame() {
        IndexLoop loop = loop();
        try (Handle handle = tables.open()) {
            handle.execute("SET statement_timeout = '1234ms'");
            Tables.STORES
                    .indexes()
                    .alone(handle, own -> assertThat(setting(own)).isEqualTo("0"));

            assertThat(setting(handle)).isEqualTo("1234ms");
        }
        loop.runOnce();
        assertThat(tables.number("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"))
                .isZero();
    }

    @Test
    void runOnce_withoutTheRight_givesUpAndHarmsNothing() {
        new Migrations("backops", database.dataSource()).migrate();
        tables.execute("DROP ROLE IF EXISTS clerk; CREATE ROLE clerk LOGIN; GRANT USAGE ON SCHEMA backops TO clerk;"
                + " GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA backops TO clerk");
        PGSimpleDataSource clerk = new PGSimpleDataSource();
        clerk.setUrl(database.jdbcUrl());
        clerk.setUser("clerk");
        IndexLoop loop = new IndexLoop(new Database(clerk), Tables.STORES.indexes(), registry());

        assertThat(loop.runOnce()).isEqualTo(LoopThread.untilWoken());

        assertThat(isValid()).isFalse();
        tables.execute("DROP OWNED BY clerk; DROP ROLE clerk");
    }

    private static String setting(Handle handle) {
        return handle.createQuery("SHOW statement_timeout").mapTo(String.class).one();
    }

    private IndexLoop loop() {
        new Migrations("backops", database.dataSource()).migrate();
        return new IndexLoop(tables.database(), Tables.STORES.indexes(), registry());
    }

    private static Registry registry() {
        Registry registry = new Registry();
        registry.add(steps());
        return registry;
    }

    private boolean isValid() {
        return tables.database()
                .<Boolean, RuntimeException>with(
                        handle -> Tables.STORES.indexes().isValid(handle, INDEX));
    }

    private static OperationSteps steps() {
        return OperationSteps.of(DEFINITION).step("send", (values, run) -> StepResult.none());
    }
}
