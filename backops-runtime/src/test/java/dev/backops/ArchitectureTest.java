package dev.backops;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.backops.codegen.StepBody;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(packages = "dev.backops", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final Set<String> STATEMENTS = Set.of(
            "createQuery",
            "createUpdate",
            "createCall",
            "createScript",
            "createBatch",
            "prepareBatch",
            "execute",
            "select");

    private static final Set<String> TYPES_BY_NAME =
            Set.of("forName", "loadClass", "findClass", "activateDefaultTyping", "activateDefaultTypingAsProperty");

    @ArchTest
    static final ArchRule SQL_BELONGS_TO_STORES = noClasses()
            .that()
            .resideOutsideOfPackage("..internal.store..")
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "makes a statement of Jdbi",
                    call -> call.getTargetOwner().isAssignableTo(Handle.class) && STATEMENTS.contains(call.getName())));

    @ArchTest
    static final ArchRule JDBC_BELONGS_TO_STORES = noClasses()
            .that()
            .resideOutsideOfPackages("..internal.store..", "dev.backops.embedded..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.sql.Statement")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.sql.PreparedStatement");

    @ArchTest
    static final ArchRule JACKSON_BELONGS_TO_JSON =
            onlyKnownTo("..internal.json..", "tools.jackson..", "com.fasterxml..");

    @ArchTest
    static final ArchRule FLYWAY_BELONGS_TO_SCHEMA = onlyKnownTo("..internal.schema..", "org.flywaydb..");

    @ArchTest
    static final ArchRule GENERATED_CODE_NEEDS_LITTLE = classes()
            .that()
            .resideInAPackage("dev.backops.codegen")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                            "dev.backops", "dev.backops.annotation", "dev.backops.codegen", "java..", "org.jspecify..")
                    .or(type(Handle.class)));

    @ArchTest
    static final ArchRule LAYERS = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("Users")
            .definedBy("dev.backops")
            .layer("Client")
            .definedBy("..internal.client..")
            .layer("Engine")
            .definedBy("..internal.engine..")
            .layer("Schema")
            .definedBy("..internal.schema..")
            .layer("Store")
            .definedBy("..internal.store..")
            .layer("Json")
            .definedBy("..internal.json..")
            .whereLayer("Client")
            .mayOnlyBeAccessedByLayers("Users")
            .whereLayer("Engine")
            .mayOnlyBeAccessedByLayers("Users", "Client")
            .whereLayer("Schema")
            .mayOnlyBeAccessedByLayers("Client")
            .whereLayer("Store")
            .mayOnlyBeAccessedByLayers("Users", "Client", "Engine", "Schema")
            .whereLayer("Json")
            .mayOnlyBeAccessedByLayers("Users", "Client", "Engine", "Store");

    @ArchTest
    static final ArchRule NO_CYCLES_INSIDE =
            slices().matching("dev.backops.internal.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule STEPS_RUN_IN_ONE_PLACE = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.backops.internal.engine.StepRunner")
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "calls a step", call -> call.getTargetOwner().isAssignableTo(StepBody.class)));

    /*
     * When something is due, over or dead is for the clock of the database to say, which all processes share. The engine reads
     * its own for its lease and to know how soon to ask, and tells a step when its time is up.
     */
    @ArchTest
    static final ArchRule CLOCK_IS_THAT_OF_THE_DATABASE = noClasses()
            .that()
            .resideInAnyPackage("dev.backops", "dev.backops.codegen", "dev.backops.internal..")
            .and()
            .doNotHaveSimpleName("Engine")
            .and()
            .doNotHaveSimpleName("RunningStep")
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "reads the clock of the machine",
                    call -> call.getName().equals("currentTimeMillis")
                            || (call.getTargetOwner().getPackageName().equals("java.time")
                                    && (call.getName().equals("now")
                                            || call.getName().startsWith("system")))));

    /** What is stored is texts, numbers and the like: whatever somebody has written there, no class is found by it. */
    @ArchTest
    static final ArchRule DATA_NAMES_NO_TYPES = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.backops.internal.engine.Threads")
            .should()
            .callMethodWhere(DescribedPredicate.describe(
                    "finds a class by its name", call -> TYPES_BY_NAME.contains(call.getName())))
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.io.ObjectInputStream")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("tools.jackson.databind.jsontype.PolymorphicTypeValidator");

    @ArchTest
    static final ArchRule SIGNATURES_SHOW_NO_LIBRARY = classes()
            .that(resideInAnyPackage("dev.backops", "dev.backops.codegen").and(not(resideInAPackage("..internal.."))))
            .and()
            .arePublic()
            .should(new ShowOnlyOurTypes());

    @ArchTest
    static void everyPackageIsNullMarked(JavaClasses classes) {
        Set<String> unmarked = classes.stream()
                .map(JavaClass::getPackage)
                .distinct()
                .filter(each -> !each.isAnnotatedWith(NullMarked.class))
                .map(JavaPackage::getName)
                .collect(Collectors.toSet());
        assertThat(unmarked).isEmpty();
    }

    private static ArchRule onlyKnownTo(String home, String... library) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(library);
    }

    /** What users see of a class: its supertypes and what its public members take, return and throw. */
    private static final class ShowOnlyOurTypes extends ArchCondition<JavaClass> {

        private static final String HIDDEN = "(tools\\.jackson|com\\.fasterxml|org\\.flywaydb|com\\.github\\.benmanes|"
                + "dev\\.backops\\.internal)\\..*";

        ShowOnlyOurTypes() {
            super("show no types of libraries or of the inside");
        }

        @Override
        public void check(JavaClass item, ConditionEvents events) {
            for (JavaCodeUnit unit : item.getCodeUnits()) {
                if (unit.getModifiers().contains(JavaModifier.PUBLIC)
                        || unit.getModifiers().contains(JavaModifier.PROTECTED)) {
                    unit.getAllInvolvedRawTypes().forEach(type -> check(unit.getFullName(), type, events));
                }
            }
            item.getAllRawSuperclasses().forEach(type -> check(item.getName(), type, events));
            item.getAllRawInterfaces().forEach(type -> check(item.getName(), type, events));
        }

        private static void check(String where, JavaClass type, ConditionEvents events) {
            if (type.getName().matches(HIDDEN)) {
                events.add(SimpleConditionEvent.violated(type, where + " shows " + type.getName()));
            }
        }
    }
}
