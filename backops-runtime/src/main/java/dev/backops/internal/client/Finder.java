package dev.backops.internal.client;

import dev.backops.OperationInfo;
import dev.backops.Search;
import dev.backops.Status;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationFinder;
import dev.backops.codegen.Values;
import dev.backops.internal.store.RepairStore.By;
import dev.backops.internal.store.ViewStore.Filter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Finds operations of one name. */
final class Finder<C> implements OperationFinder<C> {

    private final Installation installation;
    private final Filter filter;
    private final Function<Values, C> toContext;

    Finder(Installation installation, String name, Search search, Function<Values, C> toContext) {
        this(installation, new Filter(search, name, Map.of(), List.of()), toContext);
    }

    private Finder(Installation installation, Filter filter, Function<Values, C> toContext) {
        this.installation = installation;
        this.filter = filter;
        this.toContext = toContext;
    }

    @Override
    public <T> OperationFinder<C> where(Field<T> param, @Nullable T value) {
        Map<String, Object> params = new LinkedHashMap<>(filter.params());
        List<String> absent = new ArrayList<>(filter.absent());
        if (value == null) {
            absent.add(param.name());
        } else {
            params.put(param.name(), param.type().toJson().apply(value));
        }
        return new Finder<>(installation, new Filter(filter.search(), filter.name(), params, absent), toContext);
    }

    @Override
    public List<OperationInfo<C>> list() {
        return find(filter);
    }

    @Override
    public Optional<OperationInfo<C>> first() {
        return find(limited(filter.search().limit(1))).stream().findFirst();
    }

    @Override
    public long count() {
        return installation.read(handle -> installation.stores().views().count(handle, filter));
    }

    @Override
    public int resume() {
        Set<Status> statuses = filter.search().statuses();
        if (!statuses.isEmpty() && !statuses.contains(Status.FAILED)) {
            return 0;
        }
        Search failed = new Search(
                Set.of(Status.FAILED), filter.search().limit(), filter.search().before());
        List<Long> ids = find(limited(failed)).stream().map(OperationInfo::id).toList();
        By nobodyNamed = new By(null, null);
        return installation
                .repair(handle -> installation.stores().repairs().resumeAll(handle, ids, nobodyNamed))
                .size();
    }

    private Filter limited(Search search) {
        return new Filter(search, filter.name(), filter.params(), filter.absent());
    }

    private List<OperationInfo<C>> find(Filter wanted) {
        return installation.read(handle -> installation.stores().views().list(handle, wanted)).stream()
                .map(this::typed)
                .toList();
    }

    private OperationInfo<C> typed(OperationInfo<Map<String, Object>> info) {
        return new OperationInfo<>(
                info.id(),
                info.name(),
                info.status(),
                info.step(),
                info.stepsDone(),
                info.stepsPlanned(),
                info.attempts(),
                info.errorClass(),
                info.errorMessage(),
                info.runAt(),
                info.worker(),
                info.key(),
                info.createdAt(),
                info.finishedAt(),
                toContext.apply(Values.ofJson(info.context())));
    }
}
