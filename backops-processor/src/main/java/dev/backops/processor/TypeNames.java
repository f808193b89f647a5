package dev.backops.processor;

import com.palantir.javapoet.ClassName;

/** The annotations and the runtime by name, so that the processor depends on neither. */
final class TypeNames {

    static final String ANNOTATIONS = "dev.backops.annotation.*";
    static final String OPERATION = "dev.backops.annotation.Operation";
    static final String STEP = "dev.backops.annotation.Step";
    static final String JUMP = "dev.backops.annotation.Jump";
    static final String DEFAULT = "dev.backops.annotation.Default";
    static final String FORMERLY = "dev.backops.annotation.Formerly";
    static final String INDEXED = "dev.backops.annotation.Indexed";
    static final String SENSITIVE = "dev.backops.annotation.Sensitive";

    static final ClassName BACK_OPS = runtime("BackOps");
    static final ClassName ENQUEUED = runtime("Enqueued");
    static final ClassName INVALID_PARAMS_EXCEPTION = runtime("InvalidParamsException");
    static final ClassName KEY_CONFLICT_EXCEPTION = runtime("KeyConflictException");
    static final ClassName OPERATION_INFO = runtime("OperationInfo");
    static final ClassName PRIORITY = ClassName.get("dev.backops.annotation", "Priority");
    static final ClassName KEY_SCOPE = ClassName.get("dev.backops.annotation", "KeyScope");
    static final ClassName DEDUPE = ClassName.get("dev.backops.annotation", "Dedupe");
    static final ClassName REPAIRS = runtime("Repairs");
    static final ClassName SEARCH = runtime("Search");
    static final ClassName STATUS = runtime("Status");
    static final ClassName STEP_NAME = runtime("StepName");
    static final ClassName STEP_RUN = runtime("StepRun");

    static final ClassName ACTION_FACTS = codegen("ActionFacts");
    static final ClassName FIELD = codegen("Field");
    static final ClassName OPERATION_CLIENT = codegen("OperationClient");
    static final ClassName OPERATION_DEFINITION = codegen("OperationDefinition");
    static final ClassName OPERATION_FINDER = codegen("OperationFinder");
    static final ClassName OPERATION_STEPS = codegen("OperationSteps");
    static final ClassName RETRY_POLICY = codegen("RetryPolicy");
    static final ClassName STEP_DEFINITION = codegen("StepDefinition");
    static final ClassName TYPES = codegen("Types");
    static final ClassName STEP_RESULT = codegen("StepResult");
    static final ClassName VALUE_TYPE = codegen("ValueType");
    static final ClassName VALUES = codegen("Values");

    static final ClassName COLLECTION = ClassName.get("java.util", "Collection");
    static final ClassName CONNECTION = ClassName.get("java.sql", "Connection");
    static final ClassName DURATION = ClassName.get("java.time", "Duration");
    static final ClassName GENERATED = ClassName.get("javax.annotation.processing", "Generated");
    static final ClassName HANDLE = ClassName.get("org.jdbi.v3.core", "Handle");
    static final ClassName INSTANT = ClassName.get("java.time", "Instant");
    static final ClassName LIST = ClassName.get("java.util", "List");
    static final ClassName OPTIONAL = ClassName.get("java.util", "Optional");
    static final ClassName STRING = ClassName.get("java.lang", "String");

    private TypeNames() {}

    private static ClassName runtime(String simpleName) {
        return ClassName.get("dev.backops", simpleName);
    }

    private static ClassName codegen(String simpleName) {
        return ClassName.get("dev.backops.codegen", simpleName);
    }
}
