// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Of several replicas one works; another takes over. */
class LeaderElectionIT extends OnKubeApi {

    LeaderElectionIT(KubeApi.Server api) {
        super(api);
    }

    @Test
    void aStandbyTakesOverWhenTheLeaderStops() {
        operator.close();
        Map<String, String> settings =
                Map.of("LEADER_ELECTION_LEASE", "taskplatform-operator", "POD_NAMESPACE", namespace);
        operator = new RunningOperator(api.operatorConfig(), namespace, settings);
        createReady("demo", EMBEDDED);

        var standby = new RunningOperator(api.operatorConfig(), namespace, settings);
        assertThat(standby.isReady()).isTrue();
        lookAgain("demo");
        assertThat(standby.reconciliations()).isZero();

        RunningOperator leader = operator;
        leader.close();
        operator = standby;
        patch("demo", "{\"networkPolicy\": {\"enabled\": false}}");
        // Sooner than the lease would expire.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(children("demo"))
                        .noneMatch(child -> child.getKind().equals("NetworkPolicy")));
        assertThat(leader.lostLeases()).isZero();
    }
}
