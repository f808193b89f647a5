package dev.backops;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of many repairs at once.
 *
 * @param repaired what runs in each operation that was repaired, by id, oldest first
 * @param refused why the others were left as they are, by id
 */
public record RepairReport(Map<Long, Ahead> repaired, Map<Long, String> refused) {

    public RepairReport {
        repaired = Collections.unmodifiableMap(new LinkedHashMap<>(repaired));
        refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
    }
}
