package dev.backops;

import java.util.List;

/**
 * What runs from where a repair has put an operation, as far as that is settled: a step that jumps may lead elsewhere, and
 * what follows a step that always jumps is open.
 *
 * @param runs the names of the steps, in their order; empty where the operation has ended
 * @param again those of them that have completed before, and so take effect a second time
 */
public record Ahead(List<String> runs, List<String> again) {

    public Ahead {
        runs = List.copyOf(runs);
        again = List.copyOf(again);
    }
}
