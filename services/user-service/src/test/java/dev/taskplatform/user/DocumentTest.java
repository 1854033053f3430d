// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user;

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
        try (DatabaseUnderTest database = DatabaseUnderTest.embedded();
                UserServiceUnderTest service =
                        UserServiceUnderTest.start(database.settings(), Map.of(), Clock.systemUTC(), contract)) {
            contract.assertRoutes(service.server().routes());
        }
    }

    /** A new tag needs a class of tests that extends {@link ApiTest}; then name it here. */
    @Test
    void eachOfItsTagsHasATest() {
        assertThat(contract.tags())
                .containsExactlyInAnyOrder(
                        "users",
                        "sessions",
                        "second-factor",
                        "oauth",
                        "admin",
                        "admin-clients",
                        "services",
                        "keys",
                        "admin-keys",
                        "admin-audit",
                        "events",
                        "simple");
    }
}
