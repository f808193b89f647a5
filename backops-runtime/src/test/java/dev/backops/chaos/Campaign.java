package dev.backops.chaos;

import dev.backops.chaos.FaultKind.Place;
import dev.backops.embedded.EmbeddedDatabase;
import dev.backops.testkit.WorkerProcesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
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
    private final List<Path> data = new ArrayList<>();

    Campaign(Path directory, List<FaultKind> kinds, long seed) throws IOException {
        this.directory = directory;
        history = new History(directory);
        tallies = kinds.stream().map(Tally::new).toList();
        random = new Random(seed);
        processes = new WorkerProcesses(directory);
        history.say("chaos seed " + seed + ", history in " + directory);
    }

    /**
     * Throws faults of each kind, and then of those that came least until the end or until there are enough of each. The last
     * word of each kind is a line.
     *
     * @param strikes how often faults of a kind are thrown before all operations are to come to their end
     * @return whether there was no violation
     */
    boolean run(Instant end, int enough, int strikes) throws InterruptedException, IOException {
        try {
            for (Tally tally : tallies) {
                round(tally, strikes);
            }
            Tally least = least();
            while (Instant.now().isBefore(end) && least.thrown() < enough) {
                round(least, strikes);
                least = least();
            }
        } finally {
            tallies.forEach(tally -> history.say(tally.toString()));
        }
        return tallies.stream().allMatch(Tally::isClean);
    }

    private Tally least() {
        return tallies.stream().min(Comparator.comparing(Tally::thrown)).orElseThrow();
    }

    /** A round that breaks off is a violation; others go on, at another site. */
    private void round(Tally tally, int strikes) throws InterruptedException, IOException {
        Place place = tally.kind().place();
        history.note("round of " + tally.kind());
        try {
            round(tally, site(place), strikes);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception | AssertionError e) {
            history.note("broken off", e);
            history.say("a round of " + tally.kind() + " broke off: " + e);
            tally.addBrokenOff();
            Site broken = sites.remove(place);
            if (broken != null) {
                broken.close();
            }
        }
        history.say(tally.toString());
    }

    private static void round(Tally tally, Site site, int strikes) throws Exception {
        Enqueuing enqueuing = site.enqueue();
        int thrown = 0;
        try {
            for (int i = 0; i < strikes; i++) {
                thrown += tally.kind().strike(site);
                site.heal();
            }
        } finally {
            enqueuing.stop();
        }
        boolean settled = site.settles();
        tally.add(thrown, site.verdict());
        if (!settled) {
            throw new IllegalStateException("Not all operations came to their end, or not all workers have a lease");
        }
    }

    private Site site(Place place) throws InterruptedException, IOException {
        Site site = sites.get(place);
        if (site == null) {
            String name = place.name().toLowerCase(Locale.ROOT) + data.size();
            Path files = directory.resolve(name);
            data.add(files);
            Server server = switch (place) {
                case ORDINARY -> new SingleServer(files, Map.of());
                case SMALL_DISK -> new FillableServer(new SmallDisk(files));
                case REPLICATED -> new ReplicatedServer(files);
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
        for (Path files : data) {
            delete(files);
        }
    }

    /** With everything in it, if it is there. */
    static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
