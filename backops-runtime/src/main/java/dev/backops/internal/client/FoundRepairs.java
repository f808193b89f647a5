package dev.backops.internal.client;

import dev.backops.Ahead;
import dev.backops.RepairReport;
import dev.backops.Repairs;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.internal.engine.StoredNames;
import dev.backops.internal.json.Json;
import dev.backops.internal.json.Storable;
import dev.backops.internal.store.RepairStore.Act;
import dev.backops.internal.store.RepairStore.By;
import dev.backops.internal.store.RepairStore.Repaired;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Repairs what a search finds. */
public final class FoundRepairs implements Repairs {

    /** How many operations one transaction repairs: their rows stay locked to its end. */
    private static final int BATCH = 500;

    private static final Set<Status> FAILED = EnumSet.of(Status.FAILED);
    private static final Set<Status> PAUSED = EnumSet.of(Status.PAUSED, Status.RUNNING);
    private static final Set<Status> OVER = EnumSet.of(Status.COMPLETED, Status.COMPENSATED, Status.CANCELLED);

    private final Installation installation;
    private final Search search;
    private final By by;

    public FoundRepairs(Installation installation, Search search, By by) {
        this.installation = installation;
        this.search = search;
        this.by = by;
    }

    @Override
    public Repairs by(String who, String why) {
        return new FoundRepairs(installation, search, By.of(who, why));
    }

    @Override
    public RepairReport resume() {
        return repair(names -> new Act("resume"), FAILED);
    }

    @Override
    public RepairReport cancel() {
        return cancel(/* atOnce= */ false);
    }

    @Override
    public RepairReport cancelNow() {
        return cancel(/* atOnce= */ true);
    }

    private RepairReport cancel(boolean atOnce) {
        return repair(names -> new Act("cancel", atOnce), EnumSet.complementOf(EnumSet.copyOf(OVER)));
    }

    @Override
    public RepairReport pause() {
        return pause(/* atOnce= */ false);
    }

    @Override
    public RepairReport pauseNow() {
        return pause(/* atOnce= */ true);
    }

    private RepairReport pause(boolean atOnce) {
        Set<Status> others = EnumSet.copyOf(OVER);
        others.add(Status.FAILED);
        others.add(Status.PAUSED);
        return repair(names -> new Act("pause", atOnce), EnumSet.complementOf(EnumSet.copyOf(others)));
    }

    @Override
    public RepairReport unpause() {
        return repair(names -> new Act("unpause"), PAUSED);
    }

    @Override
    public RepairReport retryFrom(String step) {
        String name = Storable.text("step", step);
        return repair(names -> new Act("retry_from", names.stored(name), null, /* atOnce= */ false), idle());
    }

    @Override
    public RepairReport jumpTo(String step) {
        String name = Storable.text("step", step);
        return repair(names -> new Act("jump_to", names.stored(name), null, /* atOnce= */ false), idle());
    }

    @Override
    public RepairReport skip(Map<String, Object> outputs) {
        Map<String, @Nullable Object> values = Storable.values(outputs);
        return repair(names -> new Act("skip", null, Json.write(names.stored(values)), /* atOnce= */ false), idle());
    }

    private static Set<Status> idle() {
        Set<Status> others = EnumSet.copyOf(OVER);
        others.add(Status.RUNNING);
        return EnumSet.complementOf(EnumSet.copyOf(others));
    }

    /** Of the statuses that the search asks for, those that the act makes sense in: the rest is not worth a refusal each. */
    private RepairReport repair(Function<StoredNames, Act> act, Set<Status> sensible) {
        Set<Status> statuses = EnumSet.copyOf(sensible);
        if (!search.statuses().isEmpty()) {
            statuses.retainAll(search.statuses());
        }
        Map<Long, Ahead> repaired = new LinkedHashMap<>();
        Map<Long, String> refused = new LinkedHashMap<>();
        List<Long> ids = statuses.isEmpty()
                ? List.of()
                : installation.search(handle -> installation.stores().views().ids(handle, search.statuses(statuses)));
        for (int from = 0; from < ids.size(); from += BATCH) {
            List<Long> batch = ids.subList(from, Math.min(ids.size(), from + BATCH));
            List<Repaired> done = installation.repair(handle -> repair(handle, act, batch));
            for (Repaired one : done) {
                if (one.refusal() == null) {
                    repaired.put(one.id(), one.ahead());
                } else {
                    refused.put(one.id(), one.refusal());
                }
            }
        }
        installation.repaired(repaired.entrySet().stream()
                .filter(one -> one.getValue().runs().isEmpty())
                .map(Map.Entry::getKey)
                .toList());
        return new RepairReport(repaired, refused);
    }

    private List<Repaired> repair(Handle handle, Function<StoredNames, Act> act, List<Long> ids) {
        List<Repaired> done = new ArrayList<>();
        installation
                .definitionIds()
                .namesIn(handle, ids)
                .forEach((names, some) ->
                        done.addAll(installation.stores().repairs().repairAll(handle, act.apply(names), some, by)));
        done.sort(Comparator.comparingLong(Repaired::id));
        return done;
    }
}
