// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.operator.api.DataResult;
import dev.taskplatform.operator.apply.Labels;
import dev.taskplatform.operator.apply.Stamp;
import dev.taskplatform.operator.status.PodProblems;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a command as the Jobs that the chart has rendered for it, and reads what came of them. Nothing of them is cached: there are few,
 * and for a short time.
 */
final class DataJobs {

    private static final Logger LOG = LoggerFactory.getLogger(DataJobs.class);

    /** After which a Job that failed is made anew. */
    private static final Duration RETRY = Duration.ofMinutes(1);

    private static final String JOB_NAME = "batch.kubernetes.io/job-name";
    private static final int LAST_WORDS = 400;

    private final KubernetesClient client;
    private final Clock clock;
    private final ObjectMapper mapper = new ObjectMapper();

    DataJobs(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Does the next step.
     *
     * @param owner whose Jobs they are, and with which they go
     * @param command what they do
     * @param rendered what the chart has rendered for it
     * @param again whether a Job that failed is made anew after a while
     * @return how far it is now
     */
    Progress advance(HasMetadata owner, DataCommand command, List<GenericKubernetesResource> rendered, boolean again) {
        List<DataResult> results = new ArrayList<>();
        String warning = "";
        for (String service : command.services()) {
            String name = command.job(service);
            Job job = client.batch()
                    .v1()
                    .jobs()
                    .inNamespace(owner.getMetadata().getNamespace())
                    .withName(name)
                    .get();
            if (job == null) {
                create(owner, command, rendered, name);
                return new Progress(Progress.State.RUNNING, service + ": starting", results);
            }
            if (!isOf(owner, job)) {
                return new Progress(
                        Progress.State.FAILED,
                        "Job %s exists and is another's: delete it, or choose another name".formatted(name),
                        results);
            }
            List<Pod> pods = pods(job);
            if (has(job, "Failed").isPresent()) {
                if (again && isOver(has(job, "Failed").get())) {
                    delete(job);
                }
                return new Progress(Progress.State.FAILED, "%s: %s".formatted(service, failure(job, pods)), results);
            }
            if (has(job, "Complete").isEmpty()) {
                return new Progress(Progress.State.RUNNING, "%s: %s".formatted(service, state(pods)), results);
            }
            JsonNode outcome = outcome(pods).orElseGet(mapper::createObjectNode);
            results.add(result(service, outcome));
            warning = outcome.path("warning").asText(warning);
        }
        return new Progress(Progress.State.DONE, warning, results);
    }

    /** Removes what the command has left, and what another one of the same owner has. */
    void remove(HasMetadata owner) {
        String namespace = owner.getMetadata().getNamespace();
        client
                .batch()
                .v1()
                .jobs()
                .inNamespace(namespace)
                .withLabel(Labels.COMPONENT, DataCommand.COMPONENT)
                .list()
                .getItems()
                .stream()
                .filter(job -> isOf(owner, job))
                .forEach(this::delete);
        client
                .network()
                .v1()
                .networkPolicies()
                .inNamespace(namespace)
                .withLabel(Labels.COMPONENT, DataCommand.COMPONENT)
                .list()
                .getItems()
                .stream()
                .filter(policy -> isOf(owner, policy))
                .forEach(policy -> client.resource(policy).delete());
    }

    private void delete(Job job) {
        client.resource(job)
                .withPropagationPolicy(DeletionPropagation.BACKGROUND)
                .delete();
    }

    /** The policy first: a pod that starts without it may be refused its connections. */
    private void create(HasMetadata owner, DataCommand command, List<GenericKubernetesResource> rendered, String name) {
        Stream.of(command.id(), name)
                .flatMap(wanted -> rendered.stream()
                        .filter(object -> object.getMetadata().getName().equals(wanted))
                        .filter(DataCommand::isPart))
                .forEach(object -> create(owner, object));
    }

    private void create(HasMetadata owner, GenericKubernetesResource object) {
        object.getMetadata().setOwnerReferences(List.of(Stamp.reference(owner)));
        try {
            client.resource(object).create();
            LOG.info("Created {} {}", object.getKind(), object.getMetadata().getName());
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            // There already: seen by the next step.
        }
    }

    private static boolean isOf(HasMetadata owner, HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getOwnerReferences(), List.<OwnerReference>of()).stream()
                .anyMatch(reference ->
                        reference.getUid().equals(owner.getMetadata().getUid()));
    }

    private static Optional<JobCondition> has(Job job, String type) {
        return Optional.ofNullable(job.getStatus())
                .map(status -> Objects.requireNonNullElse(status.getConditions(), List.<JobCondition>of()))
                .stream()
                .flatMap(List::stream)
                .filter(condition -> condition.getType().equals(type) && "True".equals(condition.getStatus()))
                .findFirst();
    }

    private boolean isOver(JobCondition failed) {
        return failed.getLastTransitionTime() != null
                && Instant.parse(failed.getLastTransitionTime()).plus(RETRY).isBefore(clock.instant());
    }

    private List<Pod> pods(Job job) {
        return client
                .pods()
                .inNamespace(job.getMetadata().getNamespace())
                .withLabel(JOB_NAME, job.getMetadata().getName())
                .list()
                .getItems()
                .stream()
                .sorted(Comparator.comparing(
                        (Pod pod) ->
                                Objects.requireNonNullElse(pod.getMetadata().getCreationTimestamp(), ""),
                        Comparator.reverseOrder()))
                .toList();
    }

    private String state(List<Pod> pods) {
        return pods.stream()
                .flatMap(pod -> PodProblems.of(pod).stream())
                .map(problem -> problem.message())
                .findFirst()
                .or(() -> ended(pods).filter(end -> end.getExitCode() != 0).map(end -> error(end) + "; trying again"))
                .orElse("running");
    }

    private String failure(Job job, List<Pod> pods) {
        return ended(pods)
                .filter(end -> end.getExitCode() != 0)
                .map(this::error)
                .orElseGet(() -> has(job, "Failed")
                        .map(JobCondition::getMessage)
                        .filter(Objects::nonNull)
                        .orElse("the Job failed"));
    }

    /** How the newest pod that ended has ended. */
    private static Optional<ContainerStateTerminated> ended(List<Pod> pods) {
        return pods.stream()
                .filter(pod -> pod.getStatus() != null)
                .flatMap(pod ->
                        Objects.requireNonNullElse(pod.getStatus().getContainerStatuses(), List.<ContainerStatus>of())
                                .stream())
                .filter(status -> status.getState() != null && status.getState().getTerminated() != null)
                .map(status -> status.getState().getTerminated())
                .findFirst();
    }

    private String error(ContainerStateTerminated end) {
        String words = Objects.requireNonNullElse(end.getMessage(), "").strip();
        String said = json(words)
                .map(json -> json.path("error").asText(""))
                .filter(error -> !error.isEmpty())
                .orElse(words.isEmpty() ? "" : words.lines().toList().getLast());
        if (said.isEmpty()) {
            return "OOMKilled".equals(end.getReason())
                    ? "it used more memory than its limit (OOMKilled): raise resources.limits.memory of the service"
                    : "its pod ended with exit code %d and said nothing".formatted(end.getExitCode());
        }
        return said.length() <= LAST_WORDS ? said : said.substring(0, LAST_WORDS) + "...";
    }

    private Optional<JsonNode> outcome(List<Pod> pods) {
        return ended(pods).filter(end -> end.getExitCode() == 0).flatMap(end -> json(end.getMessage()));
    }

    private Optional<JsonNode> json(String text) {
        try {
            return Optional.ofNullable(text)
                            .map(String::strip)
                            .filter(found -> found.startsWith("{"))
                            .isPresent()
                    ? Optional.of(mapper.readTree(text))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            return Optional.empty(); // cut off by the kubelet, or somebody else's words
        }
    }

    /** Without numbers when the pod that had them is gone. */
    private DataResult result(String service, JsonNode outcome) {
        ObjectNode named = mapper.createObjectNode();
        if (outcome instanceof ObjectNode fields) {
            named.setAll(fields);
        }
        named.put("name", service);
        return mapper.convertValue(named, DataResult.class);
    }
}
