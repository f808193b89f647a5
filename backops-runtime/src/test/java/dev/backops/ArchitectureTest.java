package dev.backops;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.NullMarked;

/** Who may know whom. */
@AnalyzeClasses(packages = "dev.backops", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule SQL_BELONGS_TO_STORES = noClasses()
            .that()
            .resideOutsideOfPackages("dev.backops.internal.store..", "dev.backops.embedded..")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(SqlStatement.class)
            .orShould()
            .callMethod(org.jdbi.v3.core.Handle.class, "execute", String.class, Object[].class);

    @ArchTest
    static final ArchRule JACKSON_BELONGS_TO_JSON = noClasses()
            .that()
            .resideOutsideOfPackage("dev.backops.internal.json..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("tools.jackson..");

    @ArchTest
    static final ArchRule FLYWAY_BELONGS_TO_SCHEMA = noClasses()
            .that()
            .resideOutsideOfPackage("dev.backops.internal.schema..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.flywaydb..");

    @ArchTest
    static final ArchRule STORES_KNOW_NOBODY_ABOVE = noClasses()
            .that()
            .resideInAPackage("dev.backops.internal.store..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "dev.backops.internal.engine..", "dev.backops.internal.client..", "dev.backops.internal.schema..");

    @ArchTest
    static final ArchRule ENGINE_DOES_NOT_KNOW_ITS_CLIENTS = noClasses()
            .that()
            .resideInAPackage("dev.backops.internal.engine..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.backops.internal.client..");

    @ArchTest
    static final ArchRule WHAT_GENERATED_CODE_CALLS_KNOWS_NOTHING_INTERNAL = classes()
            .that()
            .resideInAPackage("dev.backops.codegen..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(
                    "dev.backops",
                    "dev.backops.annotation",
                    "dev.backops.codegen",
                    "java..",
                    "org.jdbi.v3.core",
                    "org.jspecify.annotations"));

    @ArchTest
    static final ArchRule ONLY_THE_RUNNER_CALLS_STEPS = noClasses()
            .that(not(resideInAnyPackage("dev.backops.codegen..")))
            .and()
            .doNotHaveSimpleName("StepRunner")
            .should()
            .callMethod(dev.backops.codegen.StepBody.class, "call", dev.backops.codegen.Values.class, StepRun.class);

    @ArchTest
    static final ArchRule EVERY_PACKAGE_IS_NULL_MARKED =
            classes().that().haveSimpleName("package-info").should().beAnnotatedWith(NullMarked.class);
}
