// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.time.Duration;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** This process's part in the election of the replica that works, by a Lease. */
final class Leadership {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    /** How soon a standby sees that the lease is free: a stop is followed by work elsewhere within two seconds. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final String namespace;
    private final String lease;
    private final Runnable won;
    private final Runnable lost;
    private final String identity = UUID.randomUUID().toString();
    private volatile boolean stopping;

    /**
     * @param won what to do when this replica has become the leader
     * @param lost what to do when another replica has become the leader while this one works
     */
    Leadership(KubernetesClient client, String namespace, String lease, Runnable won, Runnable lost) {
        this.client = client;
        this.namespace = namespace;
        this.lease = lease;
        this.won = won;
        this.lost = lost;
    }

    LeaderElectionConfiguration configuration() {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(lease)
                .withLeaseNamespace(namespace)
                .withIdentity(identity)
                .withRetryPeriod(RETRY)
                // The framework would end the process on an orderly stop too.
                .withExitOnStopLeading(false)
                .withLeaderCallbacks(new LeaderCallbacks(this::started, this::stopped, leader -> {}))
                .build();
    }

    private void started() {
        LOG.info("This replica is the leader");
        won.run();
    }

    private void stopped() {
        if (!stopping) {
            lost.run();
        }
    }

    /** From now on the end of leadership is wanted. */
    void stopping() {
        stopping = true;
    }

    /** Lets a standby take over at once rather than when the lease expires; the framework keeps it. Call it when no work goes on. */
    void release() {
        try {
            Lease current =
                    client.leases().inNamespace(namespace).withName(lease).get();
            if (current != null && identity.equals(current.getSpec().getHolderIdentity())) {
                current.getSpec().setHolderIdentity("");
                client.resource(current).update();
            }
        } catch (KubernetesClientException e) {
            LOG.warn("The lease {} was not released, a standby takes over when it expires: {}", lease, e.getMessage());
        }
    }
}
