// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.awaitility.Awaitility.await;

import dev.taskplatform.operator.status.Rollout;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/**
 * Does what the Deployment controller and the kubelet would do, as far as the operator sees it: a new revision is first seen, then
 * its pods are there and not ready, then they are available and the old ones gone. An image whose tag starts with {@code missing}
 * can't be pulled: the old pods stay. A Deployment whose name is in {@link #slow} stays on its way.
 */
final class FakeWorkloads implements AutoCloseable {

    private static final String HASH = "pod-template-hash";

    /** Gone, changed, and a JSON patch that doesn't fit any longer. */
    private static final Set<Integer> MEANWHILE =
            Set.of(HttpURLConnection.HTTP_NOT_FOUND, HttpURLConnection.HTTP_CONFLICT, 422);

    private final Set<String> slow = ConcurrentHashMap.newKeySet();
    private final KubernetesClient client;
    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final SharedIndexInformer<Deployment> informer;

    FakeWorkloads(KubernetesClient client, String namespace) {
        this.client = client;
        informer = client.apps().deployments().inNamespace(namespace).inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Deployment deployment) {
                enqueue(deployment);
            }

            @Override
            public void onUpdate(Deployment old, Deployment deployment) {
                enqueue(deployment);
            }

            @Override
            public void onDelete(Deployment deployment, boolean unknown) {
                worker.execute(() -> attempt(() -> pods(deployment)
                        .forEach(pod -> client.resource(pod).withGracePeriod(0).delete())));
            }
        });
    }

    /** Lets the rollout of a Deployment stop half-way until {@link #release}. */
    void hold(String name) {
        slow.add(name);
    }

    void release(String namespace, String name) {
        slow.remove(name);
        enqueue(client.apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name)
                .get());
    }

    /** Says, as the Deployment controller does, that the newest revision has made no progress until its deadline. */
    void exceedDeadline(String namespace, String name) {
        var deployment = client.apps().deployments().inNamespace(namespace).withName(name);
        await("the rollout has come as far as it does").until(() -> {
            Deployment found = deployment.get();
            return found.getMetadata().getGeneration().equals(found.getStatus().getObservedGeneration())
                    && found.getSpec().getReplicas().equals(found.getStatus().getUpdatedReplicas());
        });
        deployment.subresource("status").patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"status": {"conditions": [{
                          "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded",
                          "message": "ReplicaSet has timed out progressing.",
                          "lastTransitionTime": "2026-01-01T00:00:00Z", "lastUpdateTime": "2026-01-01T00:00:00Z"}]}}""");
    }

    private void enqueue(Deployment seen) {
        worker.execute(() -> attempt(() -> {
            Deployment current = client.resource(seen).get();
            if (current != null) {
                roll(current);
            }
        }));
    }

    /** What was deleted or changed meanwhile comes again as another event. */
    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (KubernetesClientException e) {
            if (!MEANWHILE.contains(e.getCode())) {
                throw e;
            }
        }
    }

    private void roll(Deployment deployment) {
        int replicas = deployment.getSpec().getReplicas();
        String hash = Integer.toHexString(
                Serialization.asJson(deployment.getSpec().getTemplate()).hashCode());
        List<Pod> old = pods(deployment).stream()
                .filter(pod -> !pod.getMetadata().getLabels().get(HASH).equals(hash))
                .toList();
        List<Pod> current = pods(deployment).stream()
                .filter(pod -> pod.getMetadata().getLabels().get(HASH).equals(hash))
                .toList();
        if (old.isEmpty() && current.size() == replicas && isDone(deployment, replicas) || isStuck(deployment)) {
            return;
        }
        report(deployment, old.size() + current.size(), current.size(), old.size());
        IntStream.range(current.size(), replicas).forEach(index -> start(deployment, hash));
        report(deployment, old.size() + replicas, replicas, old.size());
        String image = deployment
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getImage();
        if (slow.contains(deployment.getMetadata().getName()) || image.contains(":missing")) {
            return;
        }
        old.forEach(pod -> client.resource(pod).withGracePeriod(0).delete());
        current.stream()
                .skip(replicas)
                .forEach(pod -> client.resource(pod).withGracePeriod(0).delete());
        report(deployment, replicas, replicas, replicas);
    }

    /** Until another revision comes there is nothing to be done. */
    private static boolean isStuck(Deployment deployment) {
        return Rollout.isPastDeadline(deployment);
    }

    private static boolean isDone(Deployment deployment, int replicas) {
        DeploymentStatus status = deployment.getStatus();
        return status.getObservedGeneration() != null
                && status.getObservedGeneration()
                        .equals(deployment.getMetadata().getGeneration())
                && (replicas == 0
                        ? status.getReplicas() == null || status.getReplicas() == 0
                        : Integer.valueOf(replicas).equals(status.getAvailableReplicas())
                                && Integer.valueOf(replicas).equals(status.getReplicas()));
    }

    private void report(Deployment deployment, int replicas, int updated, int available) {
        client.resource(deployment).editStatus(found -> {
            if (isStuck(found)) {
                return found;
            }
            found.setStatus(new DeploymentStatusBuilder()
                    .withObservedGeneration(deployment.getMetadata().getGeneration())
                    .withReplicas(replicas)
                    .withUpdatedReplicas(updated)
                    .withReadyReplicas(available)
                    .withAvailableReplicas(available)
                    .build());
            return found;
        });
    }

    private void start(Deployment deployment, String hash) {
        var template = deployment.getSpec().getTemplate();
        Pod pod = client.resource(new PodBuilder()
                        .withMetadata(template.getMetadata())
                        .editMetadata()
                        .withGenerateName(deployment.getMetadata().getName() + "-" + hash + "-")
                        .withNamespace(deployment.getMetadata().getNamespace())
                        .addToLabels(HASH, hash)
                        .endMetadata()
                        .withSpec(template.getSpec())
                        .build())
                .create();
        pod.setStatus(status(pod));
        client.resource(pod).updateStatus();
    }

    private static PodStatus status(Pod pod) {
        var container = pod.getSpec().getContainers().getFirst();
        var status = new ContainerStatusBuilder()
                .withName(container.getName())
                .withImage(container.getImage())
                .withImageID("")
                .withRestartCount(0);
        return container.getImage().contains(":missing")
                ? new PodStatusBuilder()
                        .withPhase("Pending")
                        .withContainerStatuses(status.withReady(false)
                                .withNewState()
                                .withNewWaiting("manifest unknown", "ErrImagePull")
                                .endState()
                                .build())
                        .build()
                : new PodStatusBuilder()
                        .withPhase("Running")
                        .withContainerStatuses(status.withReady(true)
                                .withNewState()
                                .withNewRunning()
                                .endRunning()
                                .endState()
                                .build())
                        .build();
    }

    private List<Pod> pods(Deployment deployment) {
        return client.pods()
                .inNamespace(deployment.getMetadata().getNamespace())
                .withLabels(deployment.getSpec().getSelector().getMatchLabels())
                .list()
                .getItems();
    }

    @Override
    public void close() {
        informer.close();
        worker.shutdownNow();
        worker.close();
    }
}
