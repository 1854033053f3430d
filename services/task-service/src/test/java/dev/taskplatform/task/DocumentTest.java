// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.OpenApiContract;
import dev.taskplatform.kit.database.DatabaseUnderTest;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The document as a whole. */
class DocumentTest {
    private final OpenApiContract contract = OpenApiContract.load();

    @Test
    void itsExamplesFit() {
        contract.assertExamplesFit();
    }

    @Test
    void hasTheRoutesOfTheService() throws Exception {
        Map<String, String> everything = Map.of("compatibility.simple-api", "true");
        try (DatabaseUnderTest database = DatabaseUnderTest.embedded();
                FakeUserService users = new FakeUserService(Clock.systemUTC());
                TaskServiceUnderTest service = TaskServiceUnderTest.start(
                        database.settings(), users.url(), everything, Clock.systemUTC(), contract)) {
            contract.assertRoutes(service.server().routes());
        }
    }

    /** A new tag needs a class of tests that extends {@link ApiTest}; then name it here. */
    @Test
    void eachOfItsTagsHasATest() {
        assertThat(contract.tags())
                .containsExactlyInAnyOrder(
                        "tasks",
                        "find",
                        "next",
                        "lists",
                        "members",
                        "comments",
                        "order",
                        "trash",
                        "changes",
                        "bulk",
                        "webhooks",
                        "transfer",
                        "simple");
    }
}
