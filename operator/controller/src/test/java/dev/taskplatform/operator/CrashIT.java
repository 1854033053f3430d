// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.operator.api.Condition;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The operator is killed after its first write, its second, and so on to the last, and another one goes on: whenever it was, the
 * cluster ends up the same. The namespace stays the same too, so that everything can be compared.
 */
class CrashIT extends OnKubeApi {

    /** More writes than any of the stories takes; one that never ends is a fault of its own. */
    private static final int MOST_WRITES = 120;

    private MortalOperator mortal;

    CrashIT(KubeApi.Server api) {
        super(api);
    }

    @BeforeEach
    void withoutTheOperatorOfOtherTests() {
        operator.close();
    }

    @AfterEach
    void giveBackAnOperator() {
        operator = new RunningOperator(api.operatorConfig(), namespace);
    }

    /** What is done to a resource; each step waits for what it brings about. */
    private interface Story {
        void run();
    }

    @Test
    void aResourceIsMade() {
        endsTheSame(() -> {
            create("demo", EMBEDDED);
            awaitState(this::isReadyAndRemembered);
        });
    }

    @Test
    void aChangeReachesBothServicesInOrder() {
        createConnection();
        endsTheSame(() -> {
            create("demo", POSTGRES);
            awaitState(this::isReadyAndRemembered);
            String before = get("demo").getStatus().revision();
            patch("demo", """
                    {"image": {"tag": "2.0.0"}, "replicas": 1, "networkPolicy": {"enabled": false},
                     "taskService": {"autoscaling": {"minReplicas": 2, "maxReplicas": 3}}}""");
            awaitState(() -> isReadyAndRemembered()
                    && !before.equals(get("demo").getStatus().revision()));
        });
    }

    @Test
    void aChangeThatFailsIsTakenBack() {
        endsTheSame(() -> {
            create("demo", EMBEDDED);
            awaitState(this::isReadyAndRemembered);
            patch("demo", "{\"image\": {\"tag\": \"missing\"}}");
            awaitState(() -> image("demo-user-service").endsWith(":missing"));
            workloads.exceedDeadline(namespace, "demo-user-service");
            awaitState(() -> isSettled()
                    && is("RolledBack", "True")
                    && is("Progressing", "False")
                    && get("demo").getStatus().services().stream().allMatch(service -> service.ready() == 1));
        });
    }

    @Test
    void theDataOfADeletedResourceIsTakenBack() {
        endsTheSame(() -> {
            create("demo", EMBEDDED);
            awaitState(this::isReadyAndRemembered);
            client.resource(get("demo")).delete();
            // There is no garbage collector here.
            children("demo").stream()
                    .filter(child -> !List.of("Secret", "PersistentVolumeClaim").contains(child.getKind()))
                    .forEach(child -> client.resource(child).delete());
            client.apps().controllerRevisions().inNamespace(namespace).delete();
            create("demo", "{database: {embedded: {}}, deletionPolicy: Delete}");
            awaitState(this::isReadyAndRemembered);
        });
    }

    private void endsTheSame(Story story) {
        Map<String, Object> expected = null;
        for (int writes = MOST_WRITES; writes > 0; ) {
            mortal = new MortalOperator(api.operatorConfig(), namespace, writes);
            try {
                story.run();
                Map<String, Object> end = state();
                if (expected == null) {
                    assertThat(mortal.died())
                            .as("the story took more writes than expected")
                            .isFalse();
                    expected = end;
                    writes = 1;
                } else {
                    assertThat(end).as("killed after write %d", writes).isEqualTo(expected);
                    writes = mortal.died() ? writes + 1 : 0;
                }
            } finally {
                mortal.close();
                clear();
            }
        }
    }

    /** Waits, and starts the next operator when this one has died. */
    private void awaitState(BooleanSupplier reached) {
        await().atMost(SOON).until(() -> {
            mortal.succeed();
            return get("demo").getStatus() != null && reached.getAsBoolean();
        });
    }

    private boolean isReadyAndRemembered() {
        return isSettled() && is("Ready", "True") && get("demo").getStatus().revision() != null;
    }

    private boolean isSettled() {
        TaskPlatform resource = get("demo");
        return resource.getMetadata()
                .getGeneration()
                .equals(resource.getStatus().observedGeneration());
    }

    private boolean is(String type, String status) {
        return condition("demo", type)
                .filter(found -> found.status().equals(status))
                .isPresent();
    }

    /** Everything that the operator is responsible for, without what differs from one run to the next. */
    private Map<String, Object> state() {
        Map<String, Object> state = new TreeMap<>();
        children("demo").forEach(child -> state.put(id(child), comparable(child)));
        Stream.of("Healthy", "Failed")
                .flatMap(health -> revisions("demo", health).stream())
                .forEach(revision -> state.merge("revisions", List.of(remembered(revision)), CrashIT::joined));
        TaskPlatformStatus status = get("demo").getStatus();
        state.put(
                "status",
                List.of(
                        conditions(status.conditions()),
                        status.services().stream()
                                .map(service -> List.of(service.name(), service.ready(), service.image()))
                                .toList(),
                        status.replicas(),
                        Optional.ofNullable(status.plan())));
        return state;
    }

    private Object remembered(ControllerRevision revision) {
        Map<String, String> annotations = new TreeMap<>(revision.getMetadata().getAnnotations());
        annotations.remove("taskplatform.dev/message"); // names the pod
        if (client.secrets().inNamespace(namespace).withName("db").get() != null) {
            annotations.remove("taskplatform.dev/digest"); // of the connection too, by a random key
        }
        return annotations;
    }

    private static Object joined(Object some, Object more) {
        return Stream.of(some, more).flatMap(list -> ((List<?>) list).stream()).toList();
    }

    private static List<Object> conditions(List<Condition> conditions) {
        List<Object> comparable = new ArrayList<>();
        conditions.forEach(
                condition -> comparable.add(List.of(condition.type(), condition.status(), condition.reason())));
        return comparable;
    }

    private static Object comparable(GenericKubernetesResource child) {
        Map<String, Object> fields = new TreeMap<>(child.getAdditionalProperties());
        fields.remove("status");
        if (child.getKind().equals("Secret")) {
            fields.remove("data"); // random
        }
        if (child.getKind().equals("Service")) {
            fields.put("spec", child.<Object>get("spec", "selector"));
        }
        Map<String, String> annotations = new TreeMap<>(child.getMetadata().getAnnotations());
        annotations.remove("taskplatform.dev/applied"); // the owner's uid is in it
        if (child.getKind().equals("Deployment")) {
            child.<Map<String, Object>>get("spec", "template", "metadata", "annotations")
                    .remove("taskplatform.dev/database-credentials"); // of a random key
            annotations.remove("taskplatform.dev/template");
        }
        return Serialization.asYaml(List.of(
                fields,
                new TreeMap<>(child.getMetadata().getLabels()),
                annotations,
                child.getMetadata().getOwnerReferences().stream()
                        .map(OwnerReference::getName)
                        .toList()));
    }

    private static String id(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }

    private void clear() {
        client.resource(get("demo")).delete();
        children("demo").forEach(child -> {
            client.resource(child)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\": {\"finalizers\": null}}");
            client.resource(child).delete();
        });
        client.apps().controllerRevisions().inNamespace(namespace).delete();
        client.v1().events().inNamespace(namespace).delete();
        await("no pod is left")
                .atMost(SOON)
                .until(() ->
                        client.pods().inNamespace(namespace).list().getItems().isEmpty());
    }
}
