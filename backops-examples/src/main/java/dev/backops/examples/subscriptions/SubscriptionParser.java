package dev.backops.examples.subscriptions;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Parses the text of one file. Bad rows are kept with their line; only a file without usable columns is refused. */
final class SubscriptionParser {

    private final String name;
    private final List<SubscriptionFile.Row> rows = new ArrayList<>();
    private final List<SubscriptionFile.Rejected> rejected = new ArrayList<>();
    private final Map<Long, Long> lineOfSubscription = new HashMap<>();

    SubscriptionParser(String name) {
        this.name = name;
    }

    SubscriptionFile parse(String text) {
        Iterator<CsvRecord> records = CsvReader.builder()
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(text)
                .iterator();
        CsvRecord header = next(records)
                .orElseThrow(() -> new JobException(name + " is empty; it must begin with the columns "
                        + String.join(",", SubscriptionRow.COLUMNS)));
        List<Integer> places = places(header);
        for (Optional<CsvRecord> row = next(records); row.isPresent(); row = next(records)) {
            add(row.get(), places, header.getFieldCount());
        }
        return new SubscriptionFile(name, rows, rejected);
    }

    private Optional<CsvRecord> next(Iterator<CsvRecord> records) {
        try {
            return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
        } catch (CsvParseException e) {
            throw new JobException(name + " is not CSV: " + JobException.reason(e), e);
        }
    }

    /** Where each column is; they may come in any order, with others in between. */
    private List<Integer> places(CsvRecord header) {
        List<String> names = header.getFields().stream()
                .map(column -> column.strip().toLowerCase(Locale.ROOT))
                .toList();
        for (String column : SubscriptionRow.COLUMNS) {
            if (!names.contains(column)) {
                throw refusedHeader(header, "the column " + column + " is missing");
            }
            if (names.indexOf(column) != names.lastIndexOf(column)) {
                throw refusedHeader(header, "the column " + column + " is there twice");
            }
        }
        return SubscriptionRow.COLUMNS.stream().map(names::indexOf).toList();
    }

    private JobException refusedHeader(CsvRecord header, String reason) {
        return new JobException("%s:%d: %s; there must be %s"
                .formatted(name, header.getStartingLineNumber(), reason, String.join(",", SubscriptionRow.COLUMNS)));
    }

    private void add(CsvRecord row, List<Integer> places, int width) {
        long line = row.getStartingLineNumber();
        try {
            if (row.getFieldCount() != width) {
                throw new IllegalArgumentException(
                        "the row has " + row.getFieldCount() + " fields, but the header has " + width);
            }
            Fulfillment.Params params =
                    SubscriptionRow.parse(i -> row.getField(places.get(i)).strip());
            Long before = lineOfSubscription.putIfAbsent(params.subscriptionId(), line);
            if (before != null) {
                throw new IllegalArgumentException(
                        "the subscription " + params.subscriptionId() + " is in line " + before + " already");
            }
            rows.add(new SubscriptionFile.Row(line, params));
        } catch (IllegalArgumentException e) {
            rejected.add(new SubscriptionFile.Rejected(line, JobException.reason(e)));
        }
    }
}
