// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.status;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.operator.api.Condition;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import dev.taskplatform.operator.api.TaskPlatformStatus.PlannedChange;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusCalculatorTest {

    private static final DataState NO_DATA =
            new DataState(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123Z");
    private static final String DONE =
            "{observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # status of the user service's Deployment (generation 1, 2 replicas)                           | Ready  | reason     | message
            {observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 2}                 | True   | Ready      | All pods of both services are available
            {observedGeneration: 0, replicas: 2, updatedReplicas: 2, availableReplicas: 2}                 | False  | RollingOut | user-service: 0 of 2 pods available
            {observedGeneration: 1, replicas: 3, updatedReplicas: 1, availableReplicas: 2}                 | False  | RollingOut | user-service: 0 of 2 pods available
            {observedGeneration: 1, replicas: 3, updatedReplicas: 2, availableReplicas: 2}                 | False  | RollingOut | user-service: 1 of 2 pods available
            {observedGeneration: 1, replicas: 2, updatedReplicas: 2, availableReplicas: 1}                 | False  | RollingOut | user-service: 1 of 2 pods available
            {observedGeneration: 1}                                                                        | False  | RollingOut | user-service: 0 of 2 pods available
            {}                                                                                             | False  | RollingOut | user-service: 0 of 2 pods available
            {observedGeneration: 1, conditions: [{type: ReplicaFailure, status: "True", message: "pods \\"x\\" is forbidden: exceeded quota: q"}]} | False | QuotaExceeded | The pods of user-service are refused: pods "x" is forbidden: exceeded quota: q
            {observedGeneration: 1, conditions: [{type: ReplicaFailure, status: "True", message: "violates PodSecurity"}]} | False | PodsRefused | The pods of user-service are refused: violates PodSecurity
            {observedGeneration: 1, replicas: 2, updatedReplicas: 2, conditions: [{type: Progressing, status: "False", reason: ProgressDeadlineExceeded}]} | False | RolloutStalled | The pods of user-service have not become ready in time: see their logs
            """)
    void readyIsWhatTheDeploymentsSay(String status, String ready, String reason, String message) {
        Condition condition = condition(
                calculate(resource("{}"), List.of(), seen("user-service", 2, status), seen("task-service", 1, DONE)),
                "Ready");

        assertThat(condition.status()).isEqualTo(ready);
        assertThat(condition.reason()).isEqualTo(reason);
        assertThat(condition.message()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # status of a pod of the task service                                                          | reason | message
            {containerStatuses: [{image: i, state: {waiting: {reason: ErrImagePull, message: not found}}}]} | ImagePullFailed | Pod p can't pull image i: not found
            {containerStatuses: [{image: i, state: {waiting: {reason: ImagePullBackOff, message: back-off}}}]} | ImagePullFailed | Pod p can't pull image i: back-off
            {containerStatuses: [{image: i, state: {waiting: {reason: InvalidImageName, message: bad}}}]}   | ImagePullFailed | Pod p can't pull image i: bad
            {initContainerStatuses: [{image: i, state: {waiting: {reason: ErrImagePull}}}]}                 | ImagePullFailed | Pod p can't pull image i:
            {containerStatuses: [{state: {waiting: {reason: CreateContainerConfigError, message: 'secret "s" not found'}}}]} | ContainerConfigInvalid | Pod p can't be configured: secret "s" not found
            {containerStatuses: [{state: {waiting: {reason: RunContainerError, message: exec failed}}}]}    | ContainerStartFailed | Pod p can't be started: exec failed
            {containerStatuses: [{state: {waiting: {reason: CrashLoopBackOff}}}]}                           | CrashLoop | Pod p ends again and again
            {containerStatuses: [{state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1}}}]} | CrashLoop | Pod p ends again and again: exit code 1
            {containerStatuses: [{state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 3, message: "one\\ntwo\\n"}}}]} | CrashLoop | Pod p ends again and again: exit code 3, last words: two
            {containerStatuses: [{state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1, message: '{"level":"ERROR","message":"no database"}'}}}]} | CrashLoop | Pod p ends again and again: exit code 1, last words: no database
            {containerStatuses: [{state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 1, message: '{"level":"ERROR","messa'}}}]} | CrashLoop | Pod p ends again and again: exit code 1, last words: {"level":"ERROR","messa
            {containerStatuses: [{state: {waiting: {reason: CrashLoopBackOff}}, lastState: {terminated: {exitCode: 137, reason: OOMKilled}}}]} | CrashLoop | Pod p ends again and again: it used more memory than its limit (OOMKilled): raise resources.limits.memory
            {containerStatuses: [{restartCount: 1, state: {terminated: {exitCode: 1}}}]}                    | CrashLoop | Pod p ends again and again: exit code 1
            {containerStatuses: [{restartCount: 2, ready: false, state: {running: {}}, lastState: {terminated: {exitCode: 1}}}]} | CrashLoop | Pod p ends again and again: exit code 1
            {conditions: [{type: PodScheduled, status: "False", reason: Unschedulable, message: 0/1 nodes}]} | Unschedulable | No node takes pod p: 0/1 nodes
            """)
    void theReasonIsThePodsOwn(String podStatus, String reason, String message) {
        TaskPlatformStatus status = calculate(
                resource("{}"),
                List.of(),
                seen("user-service", 1, DONE),
                seen("task-service", 1, "{observedGeneration: 1}", podStatus));

        assertThat(condition(status, "Ready").status()).isEqualTo("False");
        assertThat(condition(status, "Degraded").status()).isEqualTo("True");
        assertThat(condition(status, "Degraded").reason()).isEqualTo(reason);
        assertThat(condition(status, "Degraded").message().strip()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # status of a pod that only starts
            {}
            {containerStatuses: [{state: {waiting: {reason: ContainerCreating}}}]}
            {containerStatuses: [{restartCount: 0, state: {terminated: {exitCode: 1}}}]}
            {containerStatuses: [{restartCount: 1, ready: false, state: {running: {}}, lastState: {terminated: {exitCode: 1}}}]}
            {conditions: [{type: PodScheduled, status: "True"}]}
            """)
    void aPodThatStartsIsNoProblem(String podStatus) {
        TaskPlatformStatus status = calculate(
                resource("{}"),
                List.of(),
                seen("user-service", 1, DONE),
                seen("task-service", 1, "{observedGeneration: 1}", podStatus));

        assertThat(condition(status, "Degraded").status()).isEqualTo("False");
        assertThat(condition(status, "Progressing").status()).isEqualTo("True");
    }

    @Test
    void aVolumeThatIsNotThereExplainsAPodWithoutNode() {
        var seen = seen(
                "task-service",
                1,
                "{observedGeneration: 1}",
                "{conditions: [{type: PodScheduled, status: \"False\", reason: Unschedulable, message: unbound}]}");
        var pending = new Observation(
                seen.service(), seen.deployment(), seen.revision(), seen.pods(), Optional.of("Pending"));

        Condition degraded =
                condition(calculate(resource("{}"), List.of(), seen("user-service", 1, DONE), pending), "Degraded");

        assertThat(degraded.reason()).isEqualTo("VolumePending");
        assertThat(degraded.message()).contains("volume of task-service", "StorageClass", "unbound");
    }

    @Test
    void aProblemOfTheSpecComesBeforeOnesOfThePods() {
        TaskPlatformStatus status = calculate(
                resource("{}"),
                List.of(new Problem("NameTaken", "one"), new Problem("ApplyFailed", "two")),
                seen(
                        "user-service",
                        1,
                        "{observedGeneration: 1}",
                        "{containerStatuses: [{state: {waiting: {reason: ErrImagePull}}}]}"),
                seen("task-service", 1, DONE));

        assertThat(condition(status, "Ready").reason()).isEqualTo("NameTaken");
        assertThat(condition(status, "Ready").message()).startsWith("one; two; Pod p");
        assertThat(condition(status, "Progressing").status()).isEqualTo("False");
    }

    @Test
    void messagesAreBounded() {
        List<Problem> problems = List.of(
                new Problem("A", "a".repeat(10_000)),
                new Problem("B", "b".repeat(10_000)),
                new Problem("C", "c".repeat(10_000)));

        TaskPlatformStatus status =
                calculate(resource("{}"), problems, seen("user-service", 1, DONE), seen("task-service", 1, DONE));

        assertThat(condition(status, "Ready").message())
                .hasSizeLessThanOrEqualTo(1024)
                .endsWith("...");
    }

    @Test
    void withoutDeploymentsTheWishesOfTheSpecAreShown() {
        TaskPlatformStatus status = calculate(
                resource("{replicas: 2, taskService: {autoscaling: {minReplicas: 3, maxReplicas: 4}}}"),
                List.of(),
                new Observation("user-service", Optional.empty(), Optional.empty(), List.of(), Optional.empty()),
                new Observation("task-service", Optional.empty(), Optional.empty(), List.of(), Optional.empty()));

        assertThat(condition(status, "Ready").message())
                .isEqualTo("user-service: 0 of 2 pods available; task-service: 0 of 3 pods available");
        assertThat(status.replicas()).isZero();
        assertThat(status.version()).isNull();
    }

    @Test
    void noPodsAreNotReadiness() {
        Condition ready = condition(
                calculate(
                        resource("{replicas: 0}"),
                        List.of(),
                        seen("user-service", 0, "{observedGeneration: 1}"),
                        seen("task-service", 1, DONE)),
                "Ready");

        assertThat(ready.status()).isEqualTo("False");
        assertThat(ready.reason()).isEqualTo("Stopped");
        assertThat(ready.message()).endsWith("user-service");
    }

    @Test
    void theTimeOfATransitionIsKeptUntilTheStatusChanges() {
        TaskPlatform resource = resource("{}");
        Observation rolling = seen("task-service", 1, "{observedGeneration: 1}");
        resource.setStatus(calculate(resource, List.of(), seen("user-service", 1, DONE), rolling));
        assertThat(condition(resource.getStatus(), "Ready").lastTransitionTime())
                .isEqualTo("2026-01-01T00:00:00Z");

        TaskPlatformStatus same = StatusCalculator.calculate(
                resource,
                found(List.of(), List.of()),
                List.of(seen("user-service", 1, DONE), rolling),
                NOW.plus(Duration.ofHours(1)));
        assertThat(same).as("nothing to write").isEqualTo(resource.getStatus());

        TaskPlatformStatus done = StatusCalculator.calculate(
                resource,
                found(List.of(), List.of()),
                List.of(seen("user-service", 1, DONE), seen("task-service", 1, DONE)),
                NOW.plus(Duration.ofHours(1)));
        assertThat(condition(done, "Ready").lastTransitionTime()).isEqualTo("2026-01-01T01:00:00Z");
        assertThat(condition(done, "Degraded").lastTransitionTime()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void aPausedResourceKeepsTheGenerationThatWasApplied() {
        TaskPlatform resource = resource("{}");
        resource.setStatus(
                calculate(resource, List.of(), seen("user-service", 1, DONE), seen("task-service", 1, DONE)));
        TaskPlatform paused = resource("{paused: true}");
        paused.getMetadata().setGeneration(8L);
        paused.setStatus(resource.getStatus());

        var change = new PlannedChange("Deployment", "demo-user-service", "Update", true, "image a:1 to a:2");
        TaskPlatformStatus status = StatusCalculator.calculate(
                paused,
                found(List.of(), List.of(change)),
                List.of(seen("user-service", 1, DONE), seen("task-service", 1, DONE)),
                NOW);

        assertThat(status.observedGeneration()).isEqualTo(7);
        assertThat(status.plan()).containsExactly(change);
        assertThat(condition(status, "Paused").message()).contains("what would change (1)");
        assertThat(condition(status, "Paused").status()).isEqualTo("True");
        assertThat(condition(status, "Ready").status()).isEqualTo("True");
    }

    @Test
    void aPausedResourceThatAsksForNothingIsUpToDate() {
        TaskPlatformStatus status = calculate(
                resource("{paused: true}"), List.of(), seen("user-service", 1, DONE), seen("task-service", 1, DONE));

        assertThat(status.observedGeneration()).isEqualTo(7);
        assertThat(status.plan()).isNull();
    }

    @Test
    void whatWasTakenBackIsSaidWithTheReasonAndWhatToDo() {
        var rolledBack = new Assessment.RolledBack("demo-1-failed", new Problem("ImagePullFailed", "Pod p can't pull"));
        TaskPlatformStatus status = StatusCalculator.calculate(
                resource("{}"),
                new Assessment(
                        List.of(),
                        List.of(),
                        Optional.of(rolledBack),
                        List.of(),
                        Optional.empty(),
                        Optional.of("demo-0"),
                        List.of(),
                        NO_DATA),
                List.of(seen("user-service", 1, DONE), seen("task-service", 1, DONE)),
                NOW);

        assertThat(condition(status, "RolledBack").status()).isEqualTo("True");
        assertThat(condition(status, "RolledBack").reason()).isEqualTo("ImagePullFailed");
        assertThat(condition(status, "RolledBack").message())
                .contains("Pod p can't pull", "kubectl delete controllerrevision demo-1-failed");
        assertThat(condition(status, "Ready").status()).isEqualTo("False");
        assertThat(condition(status, "Ready").reason()).isEqualTo("RolledBack");
        assertThat(status.revision()).isEqualTo("demo-0");
    }

    private static Assessment found(List<Problem> problems, List<PlannedChange> plan) {
        return new Assessment(
                problems, List.of(), Optional.empty(), plan, Optional.empty(), Optional.empty(), List.of(), NO_DATA);
    }

    private static TaskPlatformStatus calculate(TaskPlatform resource, List<Problem> problems, Observation... seen) {
        return StatusCalculator.calculate(resource, found(problems, List.of()), List.of(seen), NOW);
    }

    private static Condition condition(TaskPlatformStatus status, String type) {
        return status.conditions().stream()
                .filter(condition -> condition.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    private static TaskPlatform resource(String spec) {
        return Serialization.unmarshal("""
                apiVersion: taskplatform.dev/v1alpha1
                kind: TaskPlatform
                metadata: {name: demo, namespace: blue, generation: 7}
                spec: %s
                """.formatted(spec), TaskPlatform.class);
    }

    private static Observation seen(String service, int replicas, String status, String... podStatuses) {
        Deployment deployment = Serialization.unmarshal("""
                metadata: {generation: 1}
                spec:
                  replicas: %d
                  template:
                    metadata: {labels: {app.kubernetes.io/version: 1.0.0}}
                    spec: {containers: [{image: i}]}
                status: %s
                """.formatted(replicas, status), Deployment.class);
        List<Pod> pods = List.of(podStatuses).stream()
                .map(podStatus -> Serialization.unmarshal(
                        "---\n{metadata: {name: p}, status: %s}".formatted(podStatus), Pod.class))
                .toList();
        return new Observation(service, Optional.of(deployment), Optional.of("abc"), pods, Optional.empty());
    }
}
