// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import javax.sql.DataSource;

/** What holds for every module of the services. */
public final class ServiceRules {
    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("dev.taskplatform.(*).(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule STATIC_FIELDS_ARE_FINAL =
            fields().that().areStatic().should().beFinal().because("static state hides who depends on it");

    @ArchTest
    static final ArchRule LOGS_GO_THROUGH_LOGGERS = noClasses()
            .that()
            .resideOutsideOfPackage("..kit.smoke..")
            .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS);

    @ArchTest
    static final ArchRule ONE_LOGGING_API = noClasses()
            .that()
            .resideOutsideOfPackage("..kit.observe..")
            .and()
            .areNotAssignableTo(DataSource.class)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.slf4j..")
            .because("the services log through System.Logger");

    private ServiceRules() {}
}
