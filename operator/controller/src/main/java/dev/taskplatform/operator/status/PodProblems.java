// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds out from a pod's status why it does not run. */
public final class PodProblems {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int RESTARTS_OF_A_LOOP = 2;
    private static final int LAST_WORDS = 240;

    private PodProblems() {}

    /**
     * @param pod a pod
     * @return why it does not run, if it is known
     */
    public static Optional<Problem> of(Pod pod) {
        if (pod.getMetadata().getDeletionTimestamp() != null || pod.getStatus() == null) {
            return Optional.empty();
        }
        return unschedulable(pod)
                .or(() -> containers(pod)
                        .flatMap(status -> of(pod, status).stream())
                        .findFirst());
    }

    private static Optional<Problem> unschedulable(Pod pod) {
        return Objects.requireNonNullElse(pod.getStatus().getConditions(), List.<PodCondition>of()).stream()
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False")
                        && "Unschedulable".equals(condition.getReason()))
                .map(condition -> new Problem(
                        "Unschedulable", "No node takes pod %s: %s".formatted(name(pod), condition.getMessage())))
                .findFirst();
    }

    private static Stream<ContainerStatus> containers(Pod pod) {
        return Stream.of(
                        pod.getStatus().getInitContainerStatuses(),
                        pod.getStatus().getContainerStatuses())
                .filter(Objects::nonNull)
                .flatMap(List::stream);
    }

    private static Optional<Problem> of(Pod pod, ContainerStatus status) {
        ContainerStateWaiting waiting =
                status.getState() == null ? null : status.getState().getWaiting();
        ContainerStateTerminated ended =
                status.getState() == null ? null : status.getState().getTerminated();
        ContainerStateTerminated before =
                status.getLastState() == null ? null : status.getLastState().getTerminated();
        if (waiting != null) {
            return waiting(pod, status, waiting, before);
        }
        int restarts = Objects.requireNonNullElse(status.getRestartCount(), 0);
        if (ended != null && ended.getExitCode() != 0 && restarts > 0) {
            return Optional.of(crashLoop(pod, ended));
        }
        boolean ready = Boolean.TRUE.equals(status.getReady());
        return !ready && restarts >= RESTARTS_OF_A_LOOP && before != null
                ? Optional.of(crashLoop(pod, before))
                : Optional.empty();
    }

    private static Optional<Problem> waiting(
            Pod pod, ContainerStatus status, ContainerStateWaiting waiting, ContainerStateTerminated before) {
        String message = Objects.requireNonNullElse(waiting.getMessage(), "");
        return switch (Objects.requireNonNullElse(waiting.getReason(), "")) {
            case "ErrImagePull", "ImagePullBackOff", "InvalidImageName", "ErrImageNeverPull", "RegistryUnavailable" ->
                Optional.of(new Problem(
                        "ImagePullFailed",
                        "Pod %s can't pull image %s: %s".formatted(name(pod), status.getImage(), message)));
            case "CreateContainerConfigError" ->
                Optional.of(new Problem(
                        "ContainerConfigInvalid", "Pod %s can't be configured: %s".formatted(name(pod), message)));
            case "CreateContainerError", "RunContainerError" ->
                Optional.of(new Problem(
                        "ContainerStartFailed", "Pod %s can't be started: %s".formatted(name(pod), message)));
            case "CrashLoopBackOff" ->
                Optional.of(
                        before == null
                                ? new Problem("CrashLoop", "Pod %s ends again and again".formatted(name(pod)))
                                : crashLoop(pod, before));
            default -> Optional.empty();
        };
    }

    private static Problem crashLoop(Pod pod, ContainerStateTerminated end) {
        String how = "OOMKilled".equals(end.getReason())
                ? "it used more memory than its limit (OOMKilled): raise resources.limits.memory"
                : "exit code " + end.getExitCode() + lastWords(end.getMessage());
        return new Problem("CrashLoop", "Pod %s ends again and again: %s".formatted(name(pod), how));
    }

    /** The last line that a container left; of a JSON line its message. */
    private static String lastWords(String message) {
        if (message == null || message.isBlank()) {
            return "";
        }
        String line = message.strip().lines().toList().getLast();
        String words = line;
        if (line.startsWith("{")) {
            try {
                JsonNode text = MAPPER.readTree(line).path("message");
                words = text.isTextual() ? text.textValue() : line;
            } catch (JsonProcessingException e) {
                words = line; // cut off by the kubelet: as it is
            }
        }
        return ", last words: " + (words.length() <= LAST_WORDS ? words : words.substring(0, LAST_WORDS) + "...");
    }

    private static String name(Pod pod) {
        return pod.getMetadata().getName();
    }
}
