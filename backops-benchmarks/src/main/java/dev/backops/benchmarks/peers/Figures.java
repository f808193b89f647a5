package dev.backops.benchmarks.peers;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What all rounds have measured. */
final class Figures {

    /** Steps of 20 ms, three per operation, 200 at a time. */
    private static final double WAITING_BOUND = 200 / 0.06;

    private final Map<String, Map<Entrant, List<Double>>> values = new LinkedHashMap<>();
    private final Map<String, String> units = new LinkedHashMap<>();

    void add(Figure figure) {
        units.put(figure.name(), figure.unit());
        values.computeIfAbsent(figure.name(), name -> new LinkedHashMap<>())
                .computeIfAbsent(Entrant.of(figure.system()), entrant -> new ArrayList<>())
                .add(figure.value());
    }

    /** The median over the rounds. */
    OptionalDouble median(String name, Entrant entrant) {
        List<Double> found = values.getOrDefault(name, Map.of()).getOrDefault(entrant, List.of());
        return found.stream()
                .sorted()
                .skip(found.size() / 2)
                .mapToDouble(Double::doubleValue)
                .findFirst();
    }

    /** A table in Markdown: the medians, with the least and the most where there are several rounds. */
    void printTable(PrintStream out) {
        Set<Entrant> entrants = values.values().stream()
                .flatMap(row -> row.keySet().stream())
                .sorted()
                .collect(Collectors.toCollection(LinkedHashSet::new));
        List<List<String>> rows = new ArrayList<>();
        rows.add(Stream.concat(Stream.of("figure", "unit"), entrants.stream().map(Entrant::label))
                .toList());
        values.forEach((name, row) -> rows.add(Stream.concat(
                        Stream.of(name, unit(name)),
                        entrants.stream().map(entrant -> cell(row.getOrDefault(entrant, List.of()))))
                .toList()));
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < rows.get(0).size(); column++) {
            int at = column;
            widths.add(rows.stream().mapToInt(row -> row.get(at).length()).max().orElseThrow());
        }
        for (int i = 0; i < rows.size(); i++) {
            StringBuilder line = new StringBuilder("|");
            for (int column = 0; column < widths.size(); column++) {
                line.append(String.format(
                        " %-" + widths.get(column) + "s |", rows.get(i).get(column)));
            }
            out.println(line);
            if (i == 0) {
                out.println(
                        widths.stream().map(width -> "-".repeat(width + 2)).collect(Collectors.joining("|", "|", "|")));
            }
        }
    }

    private String unit(String name) {
        return units.getOrDefault(name, "");
    }

    private static String cell(List<Double> found) {
        if (found.isEmpty()) {
            return "";
        }
        List<Double> sorted = found.stream().sorted().toList();
        String median = readable(sorted.get(sorted.size() / 2));
        return sorted.size() == 1
                ? median
                : median + " (" + readable(sorted.get(0)) + " to " + readable(sorted.get(sorted.size() - 1)) + ")";
    }

    private static String readable(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%,.2f" : "%,.0f", value);
    }

    /** A line for each median, with the least and the most behind it, and one for each ratio that can be had. */
    void printLines(PrintStream out) {
        values.forEach((name, row) -> row.forEach((entrant, found) -> {
            double least = found.stream().min(Comparator.naturalOrder()).orElseThrow();
            double most = found.stream().max(Comparator.naturalOrder()).orElseThrow();
            Figure median =
                    new Figure(entrant.label(), name, median(name, entrant).orElseThrow(), unit(name));
            out.println(median.line() + Figure.number(" %.3f", least) + Figure.number(" %.3f", most));
        }));
        ratios().forEach((name, value) -> out.println("ratio " + name + Figure.number(" %.3f", value)));
    }

    Map<String, Double> ratios() {
        Map<String, Double> ratios = new LinkedHashMap<>();
        OptionalDouble drained = median("three-steps", Entrant.BACKOPS);
        ratio(ratios, "drain-to-fastest-peer", drained, fastestPeer("three-steps"));
        ratio(ratios, "drain-to-hand-written", drained, median("three-steps", Entrant.HAND_WRITTEN));
        ratio(ratios, "drain-to-floor", drained, median("three-steps", Entrant.FLOOR));
        ratio(ratios, "drain-to-floor-of-two", drained, median("three-steps", Entrant.FLOOR_OF_TWO));
        ratio(ratios, "enqueue-32-to-fastest-peer", median("enqueue-32", Entrant.BACKOPS), fastestPeer("enqueue-32"));
        ratio(ratios, "backlog-to-empty", median("backlog", Entrant.BACKOPS), drained);
        ratio(ratios, "finished-to-empty", median("finished", Entrant.BACKOPS), drained);
        ratio(ratios, "pinned-to-empty", median("pinned", Entrant.BACKOPS), drained);
        ratio(ratios, "pinned-to-sustained", median("pinned", Entrant.BACKOPS), median("sustained", Entrant.BACKOPS));
        ratio(
                ratios,
                "three-processes-to-one",
                median("three-processes", Entrant.BACKOPS),
                median("one-process", Entrant.BACKOPS));
        ratio(ratios, "waiting-to-bound", median("waiting-steps", Entrant.BACKOPS), OptionalDouble.of(WAITING_BOUND));
        return ratios;
    }

    private OptionalDouble fastestPeer(String name) {
        return Entrant.PEERS.stream()
                .map(peer -> median(name, peer))
                .flatMapToDouble(OptionalDouble::stream)
                .max();
    }

    private static void ratio(Map<String, Double> ratios, String name, OptionalDouble one, OptionalDouble other) {
        if (one.isPresent() && other.isPresent()) {
            ratios.put(name, one.getAsDouble() / other.getAsDouble());
        }
    }

    /** One measurement of one round, and how the processes pass it on. */
    record Figure(String system, String name, double value, String unit) {

        static Optional<Figure> parse(String line) {
            String[] parts = line.split(" ", -1);
            return parts.length == 5 && parts[0].equals("figure")
                    ? Optional.of(new Figure(parts[1], parts[2], Double.parseDouble(parts[3]), parts[4]))
                    : Optional.empty();
        }

        String line() {
            return "figure " + system + " " + name + number(" %.3f ", value) + unit;
        }

        private static String number(String format, double value) {
            return String.format(Locale.ROOT, format, value);
        }
    }
}
