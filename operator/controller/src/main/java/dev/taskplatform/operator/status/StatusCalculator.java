// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.status;

import dev.taskplatform.operator.api.Condition;
import dev.taskplatform.operator.api.ServiceSpec;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformSpec;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import dev.taskplatform.operator.api.TaskPlatformStatus.ServiceStatus;
import dev.taskplatform.operator.status.Assessment.RolledBack;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The status of a resource as a pure function of the resource, what went wrong, and what is seen in the cluster.
 *
 * <p>Ready is True only while every pod that the spec asks for is available and of the current revision. Its reason otherwise is the
 * first problem's, in the order: what keeps the spec from being applied, then what keeps pods from running.
 */
public final class StatusCalculator {

    private static final int MAX_MESSAGE = 1024;

    private StatusCalculator() {}

    /**
     * @param resource the resource, with its old status
     * @param found what the reconciliation has found out
     * @param observations what is seen of each service
     * @param now time of a transition
     * @return the new status; equal to the old one when nothing a reader would care for has changed
     */
    public static TaskPlatformStatus calculate(
            TaskPlatform resource, Assessment found, List<Observation> observations, Instant now) {
        Optional<TaskPlatformStatus> old = Optional.ofNullable(resource.getStatus());
        boolean paused = Boolean.TRUE.equals(resource.getSpec().paused());
        // What a paused resource asks for is planned and not applied, so the status stays that of the generation
        // before.
        Long generation = paused && !found.plan().isEmpty()
                ? old.map(TaskPlatformStatus::observedGeneration).orElse(null)
                : resource.getMetadata().getGeneration();
        List<Service> services = observations.stream()
                .map(observation -> Service.of(observation, resource))
                .toList();
        List<Problem> all = Stream.of(
                        found.rolledBack().map(RolledBack::problem).stream(),
                        found.problems().stream(),
                        found.data().problem().stream(),
                        services.stream().flatMap(service -> service.problem().stream()))
                .flatMap(problems -> problems)
                .toList();
        var conditions = new Conditions(old, generation, now);
        return new TaskPlatformStatus(
                generation,
                List.of(
                        ready(conditions, all, found, services),
                        progressing(conditions, all, found, services),
                        degraded(conditions, all),
                        rolledBack(conditions, found.rolledBack()),
                        paused
                                ? conditions.of(
                                        "Paused",
                                        true,
                                        "Paused",
                                        paused(found.plan().size()))
                                : conditions.of("Paused", false, "Active", "Changes of the resource take effect")),
                services.stream().map(Service::status).toList(),
                "%s=%s,%s=task-service"
                        .formatted(
                                "app.kubernetes.io/instance",
                                resource.getMetadata().getName(),
                                "app.kubernetes.io/name"),
                services.stream()
                        .filter(service -> service.name().equals("task-service"))
                        .mapToInt(Service::pods)
                        .sum(),
                version(services).or(() -> old.map(TaskPlatformStatus::version)).orElse(null),
                found.revision().orElse(null),
                orNull(found.plan()),
                found.planRevision().orElse(null),
                orNull(found.warnings()),
                found.data().database().orElse(null),
                found.data().restore().orElse(null),
                found.data().migration().orElse(null),
                found.data().backup().orElse(null));
    }

    /** An empty list is left out, as the API server's answer would have it otherwise. */
    private static <T> List<T> orNull(List<T> list) {
        return list.isEmpty() ? null : list;
    }

    private static String paused(int changes) {
        return "Nothing is changed until spec.paused is false"
                + (changes == 0 ? "" : "; status.plan has what would change (%d)".formatted(changes));
    }

    private static Condition ready(
            Conditions conditions, List<Problem> problems, Assessment found, List<Service> services) {
        List<String> held = found.held();
        if (!problems.isEmpty()) {
            return conditions.of("Ready", false, problems.getFirst().reason(), messages(problems));
        }
        if (found.data().activity().isPresent()) {
            Problem activity = found.data().activity().get();
            return conditions.of("Ready", false, activity.reason(), activity.message());
        }
        if (!held.isEmpty() || !services.stream().allMatch(Service::complete)) {
            return conditions.of("Ready", false, "RollingOut", rollout(held, services));
        }
        List<String> stopped = services.stream()
                .filter(service -> service.desired() == 0)
                .map(Service::name)
                .toList();
        return stopped.isEmpty()
                ? conditions.of("Ready", true, "Ready", "All pods of both services are available")
                : conditions.of(
                        "Ready", false, "Stopped", "replicas is 0, so no pod runs of: " + String.join(", ", stopped));
    }

    private static Condition progressing(
            Conditions conditions, List<Problem> problems, Assessment found, List<Service> services) {
        List<String> held = found.held();
        boolean goesBack =
                problems.stream().allMatch(problem -> problem.reason().equals("RolledBack"))
                        && !services.stream().allMatch(Service::complete);
        if (!problems.isEmpty() && !goesBack) {
            return conditions.of(
                    "Progressing", false, problems.getFirst().reason(), "Waits until the problem is solved");
        }
        if (found.data().activity().isPresent()) {
            Problem activity = found.data().activity().get();
            return conditions.of("Progressing", true, activity.reason(), activity.message());
        }
        return held.isEmpty() && services.stream().allMatch(Service::complete)
                ? conditions.of("Progressing", false, "UpToDate", "The cluster is as the resource asks")
                : conditions.of("Progressing", true, "RollingOut", rollout(held, services));
    }

    private static Condition rolledBack(Conditions conditions, Optional<RolledBack> rolledBack) {
        return rolledBack
                .map(found -> conditions.of(
                        "RolledBack",
                        true,
                        found.cause().reason(),
                        found.problem().message()))
                .orElseGet(() -> conditions.of("RolledBack", false, "AsAskedFor", "No change was taken back"));
    }

    private static Condition degraded(Conditions conditions, List<Problem> problems) {
        return problems.isEmpty()
                ? conditions.of("Degraded", false, "AsExpected", "No problem is known")
                : conditions.of("Degraded", true, problems.getFirst().reason(), messages(problems));
    }

    private static String messages(List<Problem> problems) {
        String text = problems.stream().map(Problem::message).distinct().collect(Collectors.joining("; "));
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE - 3) + "...";
    }

    private static String rollout(List<String> held, List<Service> services) {
        List<String> parts = new ArrayList<>();
        services.stream()
                .filter(service -> !service.complete())
                .forEach(service -> parts.add(
                        "%s: %d of %d pods available".formatted(service.name(), service.ready(), service.desired())));
        held.forEach(name -> parts.add(name + " waits for its turn"));
        return String.join("; ", parts);
    }

    /** The version that the pods carry as a label, once it is the same everywhere. */
    private static Optional<String> version(List<Service> services) {
        List<Optional<String>> versions = services.stream()
                .map(service -> service.complete() ? service.version() : Optional.<String>empty())
                .distinct()
                .toList();
        return versions.size() == 1 ? versions.getFirst() : Optional.empty();
    }

    /** A service as it is seen. */
    private record Service(
            String name,
            int desired,
            int ready,
            int pods,
            boolean complete,
            Optional<String> image,
            Optional<String> version,
            Optional<String> revision,
            String url,
            Optional<Problem> problem) {

        static Service of(Observation seen, TaskPlatform resource) {
            var metadata = resource.getMetadata();
            String url = "http://%s-%s.%s.svc".formatted(metadata.getName(), seen.service(), metadata.getNamespace());
            if (seen.deployment().isEmpty()) {
                return new Service(
                        seen.service(),
                        wanted(seen.service(), resource.getSpec()),
                        0,
                        0,
                        false,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        url,
                        Optional.empty());
            }
            Deployment deployment = seen.deployment().get();
            Rollout rollout = Rollout.of(deployment);
            var template = deployment.getSpec().getTemplate();
            return new Service(
                    seen.service(),
                    rollout.desired(),
                    rollout.ready(),
                    deployment.getStatus() == null
                            ? 0
                            : Objects.requireNonNullElse(deployment.getStatus().getReplicas(), 0),
                    rollout.complete(),
                    Optional.of(template.getSpec().getContainers().getFirst().getImage()),
                    Optional.ofNullable(template.getMetadata().getLabels().get("app.kubernetes.io/version")),
                    seen.revision(),
                    url,
                    seen.problem());
        }

        /** Pods that the spec asks for, as long as there is no Deployment that says it. */
        private static int wanted(String service, TaskPlatformSpec spec) {
            Optional<ServiceSpec> own =
                    Optional.ofNullable(service.equals("user-service") ? spec.userService() : spec.taskService());
            return own.map(ServiceSpec::replicas)
                    .or(() -> own.map(ServiceSpec::autoscaling)
                            .map(autoscaling -> Objects.requireNonNullElse(autoscaling.minReplicas(), 1)))
                    .or(() -> Optional.ofNullable(spec.replicas()))
                    .orElse(1);
        }

        ServiceStatus status() {
            return new ServiceStatus(name, desired, ready, image.orElse(null), revision.orElse(null), url);
        }
    }

    /** Makes conditions that keep their time until their status changes. */
    private record Conditions(Optional<TaskPlatformStatus> old, Long generation, Instant now) {

        Condition of(String type, boolean status, String reason, String message) {
            String text = status ? "True" : "False";
            String since = old.map(TaskPlatformStatus::conditions).stream()
                    .flatMap(List::stream)
                    .filter(condition -> type.equals(condition.type()) && text.equals(condition.status()))
                    .map(Condition::lastTransitionTime)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
            return new Condition(type, text, reason, message, since, generation);
        }
    }
}
