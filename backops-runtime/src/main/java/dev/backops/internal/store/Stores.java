package dev.backops.internal.store;

/** The stores of one schema. */
public record Stores(
        OperationStore operations,
        WorkStore work,
        JournalStore journal,
        WorkerStore workers,
        DefinitionStore definitions,
        ViewStore views,
        RepairStore repairs,
        PruneStore prunes,
        SignalStore signals,
        IndexStore indexes) {

    public static Stores in(Schema schema) {
        return new Stores(
                new OperationStore(schema),
                new WorkStore(schema),
                new JournalStore(schema),
                new WorkerStore(schema),
                new DefinitionStore(schema),
                new ViewStore(schema),
                new RepairStore(schema),
                new PruneStore(schema),
                new SignalStore(schema),
                new IndexStore(schema));
    }
}
