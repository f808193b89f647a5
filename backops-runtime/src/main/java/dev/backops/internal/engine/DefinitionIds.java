package dev.backops.internal.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.backops.RegistrationException;
import dev.backops.codegen.Field.Privacy;
import dev.backops.codegen.OperationDefinition;
import dev.backops.codegen.StepDefinition;
import dev.backops.internal.json.Json;
import dev.backops.internal.json.Storable;
import dev.backops.internal.store.Database;
import dev.backops.internal.store.DefinitionStore;
import dev.backops.internal.store.DefinitionStore.DefinitionRow;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/**
 * The ids under which definitions are stored; a definition that is not stored yet is stored on the way. From those that it has
 * seen it knows what is called otherwise in what was stored before.
 */
public final class DefinitionIds {

    private final Database database;
    private final DefinitionStore store;
    private final Cache<OperationDefinition, Integer> ids =
            Caffeine.newBuilder().weakKeys().build();

    /** The last one seen of each name. */
    private final Map<String, OperationDefinition> declared = new ConcurrentHashMap<>();

    public DefinitionIds(Database database, DefinitionStore store) {
        this.database = database;
        this.store = store;
    }

    /**
     * The id of a definition. In a transaction of its own: in the caller's, a second enqueuer of a new definition would wait
     * for the end of the first one's transaction.
     */
    public int of(OperationDefinition definition) {
        if (ids.getIfPresent(definition) == null) {
            // Once: whoever makes a client for each enqueue does not pay for it each time.
            requireSteps(definition);
        }
        declared.put(definition.name(), definition);
        return ids.get(definition, this::store);
    }

    /** A name, and those under which the same operation was stored before, unless another one has them now. */
    public List<String> storedNames(String name) {
        OperationDefinition code = declared.get(name);
        Stream<String> former = code == null ? Stream.of() : code.formerNames().stream();
        return Stream.concat(Stream.of(name), former.filter(one -> !declared.containsKey(one)))
                .toList();
    }

    /** Operations by what the names of today are in their rows: those of the definition that they were enqueued with. */
    public Map<StoredNames, List<Long>> namesIn(Handle handle, Collection<Long> operations) {
        Map<StoredNames, List<Long>> names = new LinkedHashMap<>();
        Set<Long> others = new LinkedHashSet<>(operations);
        store.findByOperations(handle, operations).forEach((row, found) -> {
            names.put(names(row), found);
            found.forEach(others::remove);
        });
        if (!others.isEmpty()) {
            names.put(new StoredNames(), List.copyOf(others));
        }
        return names;
    }

    private StoredNames names(DefinitionRow row) {
        try {
            Flow flow = DefinitionJson.flow(row.steps());
            Set<String> values = DefinitionJson.values(row.params(), row.steps());
            return declared.values().stream()
                    .filter(code -> storedNames(code.name()).contains(row.name()))
                    .findFirst()
                    .map(code -> StoredNames.of(flow, values, code))
                    .orElseGet(StoredNames::new);
        } catch (IllegalArgumentException e) {
            // Somebody has edited it: the names are what whoever asks takes them for.
            return new StoredNames();
        }
    }

    /** Refuses a definition that cannot run, or not be stored: generated ones can. */
    static void requireSteps(OperationDefinition definition) {
        try {
            Stream.concat(Stream.of(definition.name()), definition.formerNames().stream())
                    .forEach(name -> Storable.name("The name", name));
            String unused = Storable.name("The queue", definition.queue());
            DefinitionJson.requireStorable(definition);
        } catch (IllegalArgumentException e) {
            throw new RegistrationException(
                    "Operation " + definition.name() + " cannot be stored: " + e.getMessage(), e);
        }
        if (definition.steps().isEmpty()) {
            throw new RegistrationException("Operation " + definition.name() + " has no step; give it at least one.");
        }
        Set<String> names = new HashSet<>();
        for (StepDefinition step : definition.steps()) {
            if (!names.add(step.name())) {
                throw new RegistrationException("Operation " + definition.name() + " has two steps named \""
                        + step.name() + "\". Stored operations find steps by name; give each its own.");
            }
        }
    }

    private int store(OperationDefinition definition) {
        String name = definition.name();
        String fingerprint = DefinitionJson.fingerprint(definition);
        Optional<Integer> stored = database.with(handle -> store.findId(handle, name, fingerprint));
        int id = stored.orElseGet(() -> {
            database.inTransaction(handle -> store.add(
                    handle,
                    name,
                    fingerprint,
                    DefinitionJson.params(definition),
                    DefinitionJson.steps(definition),
                    definition.steps().size()));
            return database.with(handle -> store.findId(handle, name, fingerprint))
                    .orElseThrow();
        });
        Set<String> names = new HashSet<>(definition.formerNames());
        names.add(name);
        Map<String, List<String>> constants = constants(definition);
        if (!constants.isEmpty()) {
            database.inTransaction(handle -> store.addConstants(handle, names, Json.write(constants)));
        }
        Set<String> sensitive = valueNames(definition, EnumSet.of(Privacy.SENSITIVE, Privacy.ERASED_AT_END));
        if (!sensitive.isEmpty()) {
            Set<String> erased = valueNames(definition, EnumSet.of(Privacy.ERASED_AT_END));
            database.inTransaction(handle -> store.hide(handle, names, sensitive, erased));
        }
        return id;
    }

    /** The constants of outputs that are enums, by the names of the outputs, those of before too. */
    private static Map<String, List<String>> constants(OperationDefinition definition) {
        Map<String, List<String>> constants = new HashMap<>();
        definition.steps().stream()
                .flatMap(step -> step.outputs().stream())
                .filter(output -> !output.type().constants().isEmpty())
                .forEach(output -> Stream.concat(Stream.of(output.name()), output.formerNames().stream())
                        .forEach(stored -> constants.put(stored, output.type().constants())));
        return constants;
    }

    /** The names of params and outputs of some privacy, those of before too. */
    private static Set<String> valueNames(OperationDefinition definition, Set<Privacy> privacies) {
        return Stream.concat(
                        definition.params().stream(),
                        definition.steps().stream().flatMap(step -> step.outputs().stream()))
                .filter(field -> privacies.contains(field.privacy()))
                .flatMap(field -> Stream.concat(Stream.of(field.name()), field.formerNames().stream()))
                .collect(Collectors.toSet());
    }
}
