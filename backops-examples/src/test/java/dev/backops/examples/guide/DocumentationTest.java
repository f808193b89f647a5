package dev.backops.examples.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.backops.BackOps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds README.md and docs/ to code that is compiled, statements that PostgreSQL takes, and links that lead somewhere. */
class DocumentationTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    private static final Pattern BLOCK =
            Pattern.compile("^```(java|sql)\\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);

    private static final Pattern EXCERPT_END = Pattern.compile("\\n\\s*\\n|…");

    private static final Pattern STATEMENT_END = Pattern.compile(";\\s*\\n");

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/", Pattern.DOTALL);

    private static final Pattern LINK = Pattern.compile("]\\((?!https?:)([^)#]*)(#[^)]*)?\\)");

    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

    private static final DataSource DATABASE = TestDatabases.create();

    /** A piece of code in a page. */
    private record Block(Path page, int line, String text) {

        @Override
        public String toString() {
            return ROOT.relativize(page) + ":" + line;
        }
    }

    @BeforeAll
    static void createTables() {
        BackOps.builder(DATABASE).build().close();
    }

    /** Its excerpts, with blank lines or "…" in between, stand in sources that are compiled with this test. */
    @ParameterizedTest
    @MethodSource("javaBlocks")
    void java_isCompiled(Block block) throws IOException {
        List<String> sources = sources();
        for (String excerpt : EXCERPT_END.splitAsStream(block.text()).toList()) {
            assertThat(sources.stream().anyMatch(source -> source.contains(withoutSpace(excerpt))))
                    .as("%s is in a source of backops-examples:%n%s", block, excerpt)
                    .isTrue();
        }
    }

    /** Queries and repairs are planned only, since there is no such operation; everything else runs. */
    @ParameterizedTest
    @MethodSource("sqlBlocks")
    void sql_isAccepted(Block block) throws SQLException {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : STATEMENT_END.splitAsStream(block.text()).toList()) {
                assertThatCode(() -> statement.execute((sql.startsWith("SELECT") ? "EXPLAIN " : "") + sql))
                        .as("%s is SQL:%n%s", block, sql)
                        .doesNotThrowAnyException();
            }
            connection.rollback();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void links_leadSomewhere(Path page) throws IOException {
        Matcher link = LINK.matcher(Files.readString(page));
        while (link.find()) {
            Path target = link.group(1).isEmpty() ? page : page.resolveSibling(link.group(1));
            assertThat(target).exists();
            if (link.group(2) != null) {
                assertThat(anchors(target)).contains(link.group(2));
            }
        }
    }

    /** README.md and the pages of docs/, without those of docs/errors, which show what does not compile. */
    static List<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs.filter(Files::isRegularFile))
                    .sorted()
                    .toList();
        }
    }

    static List<Block> javaBlocks() throws IOException {
        return blocks("java");
    }

    static List<Block> sqlBlocks() throws IOException {
        return blocks("sql");
    }

    private static List<Block> blocks(String language) throws IOException {
        List<Block> blocks = new ArrayList<>();
        for (Path page : pages()) {
            String text = Files.readString(page);
            Matcher block = BLOCK.matcher(text);
            while (block.find()) {
                if (block.group(1).equals(language)) {
                    int line = (int) text.substring(0, block.start()).lines().count() + 1;
                    blocks.add(new Block(page, line, block.group(2)));
                }
            }
        }
        return blocks;
    }

    /** Without their comments, since what stands there is not compiled. */
    private static List<String> sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            List<String> sources = new ArrayList<>();
            for (Path file :
                    files.filter(file -> file.toString().endsWith(".java")).toList()) {
                sources.add(withoutSpace(Files.readString(file)));
            }
            return sources;
        }
    }

    private static String withoutSpace(String code) {
        return COMMENT.matcher(code).replaceAll("").replaceAll("\\s", "");
    }

    private static List<String> anchors(Path page) throws IOException {
        return HEADING.matcher(Files.readString(page))
                .results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", ""))
                .map(heading -> "#" + heading.replace(' ', '-'))
                .toList();
    }
}
