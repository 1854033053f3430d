// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.revision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why pods restart, in words. */
class DifferencesTest {

    private static final String BEFORE = """
            {metadata: {labels: {app.kubernetes.io/version: "1"}, annotations: {checksum/config: a}},
             spec: {containers: [{name: c, image: "i:1", env: [{name: A, value: "1"}, {name: B, value: "1"}], resources: {}}],
                    nodeSelector: {}, volumes: []}}""";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # what is replaced                | by                                  | what is said
            image: "i:1"                      | image: "i:2"                        | image i:1 to i:2
            checksum/config: a                | checksum/config: b                  | settings that are read at the start
            checksum/config: a                | checksum/config: a, taskplatform.dev/restarted-at: now | a restart was asked for
            checksum/config: a                | checksum/config: a, taskplatform.dev/database-credentials: x | the connection in the database's Secret
            checksum/config: a                | checksum/config: a, note: x         | annotations
            version: "1"                      | version: "2"                        | version
            version: "1"                      | version: "1", team: blue            | labels
            {name: A, value: "1"}             | {name: A, value: "2"}, {name: C}    | environment variables A, C
            resources: {}                     | resources: {limits: {cpu: 1}}       | resources
            nodeSelector: {}                  | nodeSelector: {a: b}                | placement
            volumes: []                       | volumes: [{name: a}]                | volumes
            name: c,                          | name: c, livenessProbe: {},         | the container's livenessProbe
            nodeSelector: {}                  | hostNetwork: true                   | placement; the pod's hostNetwork
            """)
    void saysWhatDiffers(String replaced, String by, String said) throws JsonProcessingException {
        assertThat(Differences.between(template(BEFORE), template(BEFORE.replace(replaced, by))))
                .isEqualTo(said);
    }

    @Test
    void theVersionIsSaidByTheImage() throws JsonProcessingException {
        String after = BEFORE.replace("version: \"1\"", "version: \"2\"").replace("i:1", "i:2");

        assertThat(Differences.between(template(BEFORE), template(after))).isEqualTo("image i:1 to i:2");
    }

    @Test
    void nothingIsSaidOfWhatIsTheSame() throws JsonProcessingException {
        assertThat(Differences.between(template(BEFORE), template(BEFORE))).isEmpty();
    }

    private static Map<String, Object> template(String text) throws JsonProcessingException {
        return new YAMLMapper().readValue(text, new TypeReference<>() {});
    }
}
