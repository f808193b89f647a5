package dev.backops.chaos;

import dev.backops.chaos.FaultKind.Place;
import dev.backops.embedded.EmbeddedDatabase;
import dev.backops.testkit.WorkerProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Throws faults of some kinds, round after round, and keeps the history in a directory: {@code history.log}, and what each
 * process said. Used by one thread.
 */
final class Campaign implements AutoCloseable {

    private final Path directory;
    private final List<Tally> tallies;
    private final Random random;
    private final History history;
    private final WorkerProcesses processes;
    private final EmbeddedDatabase elsewhere =
            EmbeddedDatabase.temporary().durable(false).start();
    private final Map<Place, Site> sites = new EnumMap<>(Place.class);

    Campaign(Path directory, List<FaultKind> kinds, long seed) throws IOException {
        this.directory = directory;
        history = new History(directory);
        tallies = kinds.stream().map(Tally::new).toList();
        random = new Random(seed);
        processes = new WorkerProcesses(directory);
        history.say("chaos seed " + seed + ", history in " + directory);
    }

    /**
     * Throws faults of each kind, and then of those that came least until the end or until there are enough of each; stops at
     * the first trouble that keeps it from going on. The last word of each kind is a line.
     *
     * @param strikes how often faults of a kind are thrown before all operations are to come to their end
     * @return whether there was no violation
     */
    boolean run(Instant end, int enough, int strikes) throws InterruptedException {
        try {
            for (Tally tally : tallies) {
                round(tally, strikes);
            }
            Tally least = least();
            while (Instant.now().isBefore(end) && least.thrown() < enough) {
                round(least, strikes);
                least = least();
            }
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | AssertionError e) {
            history.note("stopped", e);
            history.say("stopped by " + e);
            sayAll();
            return false;
        }
        sayAll();
        return tallies.stream().allMatch(Tally::isClean);
    }

    private void sayAll() {
        tallies.forEach(tally -> history.say(tally.toString()));
    }

    private Tally least() {
        return tallies.stream().min(Comparator.comparing(Tally::thrown)).orElseThrow();
    }

    private void round(Tally tally, int strikes) throws Exception {
        FaultKind kind = tally.kind();
        Site site = site(kind.place());
        history.note("round of " + kind);
        Enqueuing enqueuing = site.enqueue();
        int thrown = 0;
        try {
            for (int i = 0; i < strikes; i++) {
                thrown += kind.strike(site);
                site.heal();
            }
        } finally {
            enqueuing.stop();
        }
        boolean settled = site.settles();
        tally.add(thrown, site.verdict());
        history.say(tally.toString());
        if (!settled) {
            throw new IllegalStateException("Not all operations came to their end, or not all workers have a lease");
        }
    }

    private Site site(Place place) throws InterruptedException, IOException {
        Site site = sites.get(place);
        if (site == null) {
            String name = place.name().toLowerCase(Locale.ROOT);
            Path data = directory.resolve(name);
            Server server = switch (place) {
                case ORDINARY -> new SingleServer(data, Map.of());
                case SMALL_DISK -> new FillableServer(new SmallDisk(data));
                case REPLICATED -> new ReplicatedServer(data);
            };
            site = new Site(
                    server, elsewhere.createDatabase(name), elsewhere.jdbcUrl(name), processes, random, history);
            sites.put(place, site);
        }
        return site;
    }

    @Override
    public void close() throws IOException {
        processes.close();
        for (Site site : sites.values()) {
            site.close();
        }
        elsewhere.close();
        history.close();
        for (Place place : sites.keySet()) {
            delete(directory.resolve(place.name().toLowerCase(Locale.ROOT)));
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
