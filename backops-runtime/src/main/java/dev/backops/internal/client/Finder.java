package dev.backops.internal.client;

import dev.backops.OperationInfo;
import dev.backops.Repairs;
import dev.backops.Search;
import dev.backops.codegen.Field;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.OperationFinder;
import dev.backops.codegen.Values;
import dev.backops.internal.store.RepairStore.By;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds operations of one definition's name, and of those that it had before. */
final class Finder<C> implements OperationFinder<C> {

    private final Installation installation;
    private final OperationDefinition definition;
    private final Search search;
    private final Function<Values, C> toContext;

    Finder(Installation installation, OperationDefinition definition, Search search, Function<Values, C> toContext) {
        this.installation = installation;
        this.definition = definition;
        this.search = search.names().isEmpty() ? search.names(names(definition)) : search;
        this.toContext = toContext;
    }

    private static String[] names(OperationDefinition definition) {
        return Stream.concat(Stream.of(definition.name()), definition.formerNames().stream())
                .toArray(String[]::new);
    }

    @Override
    public <T> OperationFinder<C> where(Field<T> field, @Nullable T value) {
        Object json = value == null ? null : Values.of(field, value).json().get(field.name());
        boolean isParam =
                definition.params().stream().anyMatch(param -> param.name().equals(field.name()));
        List<String> names = Stream.concat(Stream.of(field.name()), field.formerNames().stream())
                .toList();
        Search narrower = isParam ? search.param(names, json) : search.output(names, json);
        return new Finder<>(installation, definition, narrower, toContext);
    }

    @Override
    public List<OperationInfo<C>> list() {
        return find(search);
    }

    @Override
    public Optional<OperationInfo<C>> first() {
        return find(search.limit(1)).stream().findFirst();
    }

    @Override
    public long count() {
        return installation.search(handle -> installation.stores().views().count(handle, search));
    }

    @Override
    public Repairs repair() {
        return new FoundRepairs(installation, search, By.NOBODY_NAMED);
    }

    private List<OperationInfo<C>> find(Search wanted) {
        return installation.search(handle -> installation.stores().views().list(handle, wanted)).stream()
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
                info.reason(),
                info.queue(),
                info.note(),
                info.key(),
                info.createdAt(),
                info.finishedAt(),
                toContext.apply(Values.ofJson(info.context())));
    }
}
