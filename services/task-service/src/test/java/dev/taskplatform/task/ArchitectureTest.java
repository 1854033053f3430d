// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import dev.taskplatform.kit.architecture.ServiceRules;

@AnalyzeClasses(packages = "dev.taskplatform.task", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchTests RULES = ArchTests.in(ServiceRules.class);

    @ArchTest
    static final ArchRule THE_MODEL_KNOWS_NO_HTTP = ArchRuleDefinition.noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Resource")
            .and()
            // Which is a client.
            .doNotHaveSimpleName("WebhookSender")
            .and()
            .resideOutsideOfPackages("..compatibility..", "dev.taskplatform.task")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.helidon.http..", "io.helidon.webserver..");
}
