package dev.backops.processor;

import com.palantir.javapoet.ClassName;
import com.palantir.javapoet.NameAllocator;
import com.palantir.javapoet.ParameterizedTypeName;
import com.palantir.javapoet.TypeName;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The names of the classes inside a generated operation.
 *
 * @param stages of each param
 */
record NestedNames(String finder, String lastStage, Map<String, String> stages) {

    NestedNames {
        stages = Map.copyOf(stages);
    }

    static NestedNames of(OperationModel model) {
        NameAllocator names = new NameAllocator();
        takenNames(model).forEach(names::newName);
        String finder = names.newName("Finder");
        String lastStage = names.newName("LastStage");
        Map<String, String> stages = new LinkedHashMap<>();
        for (FieldModel param : model.context().params()) {
            stages.put(param.name(), names.newName(JavaNames.capitalized(param.name()) + "Stage"));
        }
        return new NestedNames(finder, lastStage, stages);
    }

    ClassName stage(GeneratedNames names, FieldModel param) {
        return names.operation().nestedClass(stages.get(param.name()));
    }

    /** A class of the unnamed package has no longer name, so a nested one of the same name would hide it. */
    private static Set<String> takenNames(OperationModel model) {
        Set<String> taken = new TreeSet<>();
        if (model.header().names().source().packageName().isEmpty()) {
            taken.add(model.header().names().source().topLevelClassName().simpleName());
            model.context().params().forEach(param -> addNames(param.value(), taken));
            model.context().outputs().forEach(output -> addNames(output.value(), taken));
        }
        return taken;
    }

    private static void addNames(TypeName type, Set<String> names) {
        if (type instanceof ClassName name) {
            names.add(name.topLevelClassName().simpleName());
        } else if (type instanceof ParameterizedTypeName parameterized) {
            addNames(parameterized.rawType(), names);
            parameterized.typeArguments().forEach(argument -> addNames(argument, names));
        }
    }
}
