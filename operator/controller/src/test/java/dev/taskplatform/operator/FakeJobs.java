// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Does what the Job controller, the kubelet and the command in the pod would do: a Job gets a pod that ends at once, with an outcome as
 * its last word. A Job whose name is in {@link #fail} ends as failed; one in {@link #hold} does not end.
 */
final class FakeJobs implements AutoCloseable {

    private final KubernetesClient client;
    private final Map<String, String> failures = new ConcurrentHashMap<>();
    private final List<String> held = new CopyOnWriteArrayList<>();
    private final List<Job> seen = new CopyOnWriteArrayList<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final SharedIndexInformer<Job> informer;

    FakeJobs(KubernetesClient client, String namespace) {
        this.client = client;
        informer = client.batch().v1().jobs().inNamespace(namespace).inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Job job) {
                seen.add(job);
                worker.execute(() -> end(job));
            }

            @Override
            public void onUpdate(Job old, Job job) {
                // By this class, or deleted.
            }

            @Override
            public void onDelete(Job job, boolean unknown) {
                worker.execute(() -> client.pods()
                        .inNamespace(namespace)
                        .withLabel(
                                "batch.kubernetes.io/job-name",
                                job.getMetadata().getName())
                        .withGracePeriod(0)
                        .delete());
            }
        });
    }

    /** Lets a Job end as failed, with these words of its pod. */
    void fail(String name, String error) {
        failures.put(name, error);
    }

    /** Lets a Job succeed again. */
    void heal(String name) {
        failures.remove(name);
    }

    /** Lets a Job run until {@link #release}. */
    void hold(String name) {
        held.add(name);
    }

    void release(String name) {
        held.remove(name);
        seen.stream()
                .filter(job -> job.getMetadata().getName().equals(name))
                .forEach(job -> worker.execute(() -> end(job)));
    }

    /** @return every Job that was made, in order */
    List<Job> seen() {
        return List.copyOf(seen);
    }

    List<String> names() {
        return seen.stream().map(job -> job.getMetadata().getName()).toList();
    }

    private void end(Job job) {
        String name = job.getMetadata().getName();
        if (held.contains(name)) {
            return;
        }
        try {
            String error = failures.get(name);
            String outcome = error == null
                    ? "{\"service\": \"x\", \"rows\": 42, \"tables\": 3, \"bytes\": 4096, \"sha256\": \"abc\", \"schemaVersion\": \"7\"}"
                    : "{\"error\": \"%s\"}".formatted(error);
            pod(job, error == null ? 0 : 2, outcome);
            status(job, error == null);
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            // Deleted meanwhile.
        }
    }

    private void pod(Job job, int exitCode, String outcome) {
        Pod pod = client.resource(new PodBuilder()
                        .withMetadata(job.getSpec().getTemplate().getMetadata())
                        .editMetadata()
                        .withGenerateName(job.getMetadata().getName() + "-")
                        .withNamespace(job.getMetadata().getNamespace())
                        .addToLabels(
                                "batch.kubernetes.io/job-name",
                                job.getMetadata().getName())
                        .endMetadata()
                        .withSpec(job.getSpec().getTemplate().getSpec())
                        .build())
                .create();
        pod.setStatus(new PodStatusBuilder()
                .withPhase(exitCode == 0 ? "Succeeded" : "Failed")
                .withContainerStatuses(new ContainerStatusBuilder()
                        .withName("data")
                        .withImage("x")
                        .withImageID("")
                        .withReady(false)
                        .withRestartCount(0)
                        .withNewState()
                        .withNewTerminated()
                        .withExitCode(exitCode)
                        .withMessage(outcome)
                        .endTerminated()
                        .endState()
                        .build())
                .build());
        client.resource(pod).updateStatus();
    }

    private void status(Job job, boolean complete) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        client.resource(job).editStatus(found -> {
            found.setStatus(new JobStatusBuilder()
                    .withStartTime(now)
                    .withCompletionTime(complete ? now : null)
                    .withSucceeded(complete ? 1 : 0)
                    .withFailed(complete ? 0 : 1)
                    .withConditions(
                            List.of(complete ? "SuccessCriteriaMet" : "FailureTarget", complete ? "Complete" : "Failed")
                                    .stream()
                                    .map(type -> new JobConditionBuilder()
                                            .withType(type)
                                            .withStatus("True")
                                            .withLastTransitionTime(now)
                                            .withMessage("Job has failed")
                                            .build())
                                    .toList())
                    .build());
            return found;
        });
    }

    @Override
    public void close() {
        informer.close();
        worker.shutdownNow();
        worker.close();
    }
}
