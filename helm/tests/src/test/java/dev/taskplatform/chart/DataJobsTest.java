// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The Jobs that back up, restore and copy. */
class DataJobsTest {

    private static final String TO_VOLUME = """
            keys: {secretName: k}
            backup: {persistentVolumeClaim: {claimName: backups}}
            dataJob: {command: backup, id: monday, backup: {prefix: n/r, name: monday}}
            """;
    private static final String FROM_S3 = """
            keys: {secretName: k}
            backup: {s3: {endpoint: 'https://s3.example.com:9000', bucket: backups, credentialsSecretName: s3, caSecretName: ca}}
            dataJob: {command: restore, id: r-restore, backup: {prefix: n/r, name: monday}}
            """;
    private static final String COPY = """
            keys: {secretName: k}
            database: {postgres: {secretName: db}}
            dataJob: {command: copy, id: r-copy}
            """;

    @ParameterizedTest
    @ValueSource(strings = {TO_VOLUME, FROM_S3, COPY})
    void arePodsAsRestrictedAsTheServices(String values) {
        Rendering rendering = Chart.TASKPLATFORM.render(values);
        assertThat(pods(rendering)).hasSize(2).allSatisfy(pod -> {
            RestrictedPods.assertRestricted(pod);
            RestrictedPods.assertMounts(pod);
            RestrictedPods.assertCoveredByPolicy(pod, rendering);
            assertThat(pod.getSpec().getVolumes())
                    .extracting(Volume::getName)
                    .as("what a command has no use for")
                    .doesNotContain("keys", "token", "kubernetes");
        });
        rendering
                .all(Service.class)
                .forEach(service -> assertThat(
                                rendering.selectedBy(service.getSpec().getSelector()))
                        .doesNotContainAnyElementsOf(pods(rendering)));
    }

    @Test
    void reachTheirStoreAndNothingElse() {
        assertThat(ports(FROM_S3, "r-restore")).containsOnly(53, 5353, 9000);
        assertThat(ports(TO_VOLUME, "monday")).containsOnly(53, 5353);
        assertThat(ports(COPY, "r-copy")).containsOnly(53, 5353, 5432);
        assertThat(ports(FROM_S3.replace("https://s3.example.com:9000", "http://s3.example.com"), "r-restore"))
                .containsOnly(53, 5353, 80);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            dataJob: {command: backup}                                            | dataJob.id
            dataJob: {command: backup, id: x}                                     | dataJob.backup.prefix
            dataJob: {command: restore, id: x, backup: {prefix: a/b, name: c}}    | backup.s3
            dataJob: {command: copy, id: x}                                       | database.postgres.secretName
            backup: {persistentVolumeClaim: {claimName: a}, s3: {endpoint: 'https://x', bucket: abc, credentialsSecretName: s}} | backup
            """)
    void sayWhatIsMissing(String values, String words) {
        assertThat(Chart.TASKPLATFORM.refusal(values))
                .hasValueSatisfying(refusal -> assertThat(refusal).contains(words));
    }

    private static List<Pod> pods(Rendering rendering) {
        return rendering.pods().stream()
                .filter(pod -> "data".equals(pod.getMetadata().getLabels().get("app.kubernetes.io/component")))
                .toList();
    }

    private static List<Integer> ports(String values, String policy) {
        return Chart.TASKPLATFORM.render(values).get(NetworkPolicy.class, policy).getSpec().getEgress().stream()
                .flatMap(rule -> rule.getPorts().stream())
                .map(port -> port.getPort().getIntVal())
                .toList();
    }
}
