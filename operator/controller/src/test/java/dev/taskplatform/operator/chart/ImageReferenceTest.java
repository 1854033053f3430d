// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {

    private static final String DIGEST = "@sha256:0123456789012345678901234567890123456789012345678901234567890123";

    @ParameterizedTest
    @CsvSource({
        "user-service:1.0,                          user-service,                         1.0,          user-service",
        "example.com/user-service:1.0,              example.com/user-service,             1.0,          user-service",
        "localhost:5000/team/user-service:1.0,      localhost:5000/team/user-service,     1.0,          user-service",
        "localhost:5000/user-service:1.0" + DIGEST + ", localhost:5000/user-service,      1.0" + DIGEST
                + ", user-service",
    })
    void partsOfAReference(String text, String repository, String tag, String name) {
        ImageReference reference = ImageReference.parse(text);

        assertThat(reference).isEqualTo(new ImageReference(repository, tag));
        assertThat(reference.name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user-service",
                "localhost:5000/user-service",
                "user-service@sha256:abc",
                "a b:1",
                "user-service:"
            })
    void whatHasNoTagIsRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageReference.parse(text))
                .withMessage("'%s' is no image reference of the form [registry/]name:tag[@sha256:...]", text);
    }
}
