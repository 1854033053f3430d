// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** As {@link FakeWorkloads}, for many Deployments of one pod each: a rollout has no steps in between, and a pod stays the same. */
final class BulkWorkloads implements AutoCloseable {

    private final KubernetesClient client;
    private final ExecutorService workers = Executors.newFixedThreadPool(4);
    private final SharedIndexInformer<Deployment> informer;

    BulkWorkloads(KubernetesClient client, String namespace) {
        this.client = client;
        informer = client.apps().deployments().inNamespace(namespace).inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Deployment deployment) {
                workers.execute(() -> start(deployment));
                workers.execute(() -> report(deployment));
            }

            @Override
            public void onUpdate(Deployment old, Deployment deployment) {
                if (!deployment
                        .getMetadata()
                        .getGeneration()
                        .equals(deployment.getStatus().getObservedGeneration())) {
                    workers.execute(() -> report(deployment));
                }
            }

            @Override
            public void onDelete(Deployment deployment, boolean unknown) {
                // nothing is deleted here
            }
        });
    }

    private void report(Deployment deployment) {
        client.apps()
                .deployments()
                .inNamespace(deployment.getMetadata().getNamespace())
                .withName(deployment.getMetadata().getName())
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"status": {"observedGeneration": %d, "replicas": 1, "updatedReplicas": 1,
                                    "readyReplicas": 1, "availableReplicas": 1}}""".formatted(
                                deployment.getMetadata().getGeneration()));
    }

    private void start(Deployment deployment) {
        var template = deployment.getSpec().getTemplate();
        Pod pod = client.resource(new PodBuilder()
                        .withMetadata(template.getMetadata())
                        .editMetadata()
                        .withName(deployment.getMetadata().getName())
                        .withNamespace(deployment.getMetadata().getNamespace())
                        .endMetadata()
                        .withSpec(template.getSpec())
                        .build())
                .create();
        pod.setStatus(new PodStatusBuilder()
                .withPhase("Running")
                .withContainerStatuses(new ContainerStatusBuilder()
                        .withName(template.getSpec().getContainers().getFirst().getName())
                        .withImage("i")
                        .withImageID("")
                        .withRestartCount(0)
                        .withReady(true)
                        .withNewState()
                        .withNewRunning()
                        .endRunning()
                        .endState()
                        .build())
                .build());
        client.resource(pod).updateStatus();
    }

    @Override
    public void close() {
        informer.close();
        workers.shutdownNow();
    }
}
