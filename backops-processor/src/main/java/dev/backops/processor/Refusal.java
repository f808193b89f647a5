package dev.backops.processor;

/** Why a type is not simple, and what to do instead; {@code %s} is the name of the param or output. */
enum Refusal {
    ENTITY(
            "Pass what it takes to load it inside the step, for example: long %sId",
            "Return what it takes to load it in a later step, for example: long %sId"),
    VALUE_CLASS(
            "Make it a record of exactly one component, which is stored as that, or pass what it holds.",
            "Make it a record of exactly one component, which is stored as that, or return what it holds."),
    RECORD(
            "Pass its components one by one; only a record of exactly one component is stored as that.",
            "Return what a later step needs of it; only a record of exactly one component is stored as that."),
    WRAPPED("The only component of a stored record must itself be a simple type, non-null and not a collection."),
    ELEMENT(
            "List, Set and Map hold simple types only. Pass what it takes to load them, for example: List<Long>",
            "List, Set and Map hold simple types only. Return what it takes to load them, for example: List<Long>"),
    NESTED("List, Set and Map hold simple types only, one level deep. Flatten it, or load it inside the step."),
    NULLABLE_ELEMENT("The elements of a List, Set or Map are never null. Leave out those that are missing."),
    WILDCARD("Name the type of the elements without a wildcard, for example: List<String>"),
    RAW("Say what it holds, for example: List<String>"),
    COLLECTION("Declare it as List, Set or Map<String, ...>."),
    MAP_KEY("The keys of a Map must be String."),
    ARRAY("Declare it as a List, for example: List<String>"),
    BYTES(
            "Keep bytes elsewhere and pass what finds them, for example: String %sKey",
            "Keep bytes elsewhere and return what finds them, for example: String %sKey"),
    OBJECT("Name the type that it really is: a stored value is read back by its declared type."),
    NUMBER("Name the type that it really is, for example: BigDecimal"),
    TYPE_VARIABLE("Name the type that it really is instead of a type variable."),
    CONTEXT(
            "Pass the values that it holds: a context belongs to one stored operation.",
            "Return what a later step needs of it: every step can take the context itself."),
    STREAM("A stream can be read only once. Collect what it yields into a List."),
    FUNCTION("Code cannot be stored. Pass the values that it works on and call it inside the step."),
    FILE("Paths and files are stored by their names, for example: String %sPath"),
    OLD_TIME("Declare it as java.time.Instant, java.time.LocalDate or another type of java.time."),
    ZONE_OFFSET("Declare it as java.time.ZoneId."),
    URL("Declare it as java.net.URI."),
    OPTIONAL_NUMBER("Declare it as Optional<Integer>, Optional<Long> or Optional<Double>."),
    NULLABLE_OPTIONAL("An Optional is never null. Drop @Nullable or Optional."),
    NULLABLE_PRIMITIVE("A primitive is never null. Declare the boxed type, or drop @Nullable."),
    JDK(
            "Pass a String or a number that tells the same, and build it inside the step.",
            "Return a String or a number that tells the same, and build it in the later step.");

    private final String forParam;
    private final String forOutput;

    Refusal(String advice) {
        this(advice, advice);
    }

    Refusal(String forParam, String forOutput) {
        this.forParam = forParam;
        this.forOutput = forOutput;
    }

    /** Whether generated code can name such a type, if it can name what it is made of. */
    boolean isNameable() {
        return this != RAW && this != TYPE_VARIABLE && this != NULLABLE_OPTIONAL && this != NULLABLE_PRIMITIVE;
    }

    /** Whether it refuses something to call, rather than data. */
    boolean isOfService() {
        return this == ENTITY || this == VALUE_CLASS || this == FUNCTION || this == JDK;
    }

    String adviceForParam(String name) {
        return advice(forParam, name);
    }

    String adviceForOutput(String name) {
        return advice(forOutput, name);
    }

    private static String advice(String text, String name) {
        return text.replace("%sId", name.endsWith("Id") ? name : name + "Id").replace("%s", name);
    }
}
