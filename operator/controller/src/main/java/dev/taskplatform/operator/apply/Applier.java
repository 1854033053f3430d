// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.status.Problem;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the objects of a resource to their desired state by server-side apply, and deletes what is desired no longer.
 *
 * <p>Whether an object has to be written is seen in the cached object alone, with no request: an annotation holds the digest of what
 * was applied last, so a change of the desired state is a different digest; and a change of an applied field by someone else takes
 * the field's ownership from the operator, which {@link ManagedFields} sees. Fields of others (sidecars, an autoscaler's replicas)
 * are left alone. A dry run would say the same at the price of a request for every object; comparing values would have to know
 * how the API server normalises and defaults each of them.
 *
 * <p>An object that is not in the cache may exist all the same, without the operator's label. It is looked up first, and created
 * without force, so that another's object is never taken over.
 */
public final class Applier {

    private static final Logger LOG = LoggerFactory.getLogger(Applier.class);
    private static final String REPLICAS_MANAGER = Labels.MANAGER + "-replicas";

    private final KubernetesClient client;
    private final Children children;
    private final KeySecret keySecret;

    /**
     * @param client access to the cluster
     * @param children what is known of the cluster
     * @param keySecret maker of the encryption key
     */
    public Applier(KubernetesClient client, Children children, KeySecret keySecret) {
        this.client = client;
        this.children = children;
        this.keySecret = keySecret;
    }

    /**
     * @param owner the resource
     * @return a pass over its objects
     */
    public Pass pass(TaskPlatform owner) {
        return new Pass(owner);
    }

    /** One pass over the objects of one resource. */
    public final class Pass {
        private final TaskPlatform owner;
        private final String namespace;
        private final List<Problem> problems = new ArrayList<>();
        private final List<String> held = new ArrayList<>();
        private final List<Restart> restarts = new ArrayList<>();
        private Gate gate = (desired, actual) -> false;
        private boolean failed;
        private boolean terminating;

        private Pass(TaskPlatform owner) {
            this.owner = owner;
            this.namespace = owner.getMetadata().getNamespace();
        }

        /**
         * Makes the Secret with the encryption keys, if there is none.
         *
         * @param given keys of another resource, whose data this one gets; otherwise new ones are made
         * @return the user service's key; empty when the Secret could not be made or is not usable
         */
        public Optional<byte[]> key(Optional<Map<String, String>> given) {
            var key = new AtomicReference<byte[]>();
            attempt(() -> keepKey(given).ifPresent(key::set));
            return Optional.ofNullable(key.get());
        }

        /** @return the user service's key as {@link #key}, without making one */
        public Optional<byte[]> existingKey() {
            return children.find(Kinds.SECRET, namespace, KeySecret.nameFor(owner))
                    .flatMap(KeySecret::key);
        }

        /**
         * @param rendered the objects in the order in which they are to be applied, all of them: what is missing here is deleted from the cluster
         * @param gate decides which changes wait
         */
        public void apply(List<GenericKubernetesResource> rendered, Gate gate) {
            this.gate = gate;
            rendered.forEach(object -> attempt(() -> keep(object)));
            attempt(() -> prune(rendered));
        }

        /** @return what has come of it */
        public Outcome outcome() {
            List<Problem> all = new ArrayList<>(problems);
            if (terminating) {
                all.add(new Problem("NamespaceTerminating", "Namespace %s is being deleted".formatted(namespace)));
            }
            return new Outcome(all, held, restarts, failed);
        }

        /** One object that the API server refuses must not keep the others from being right. */
        private void attempt(Runnable step) {
            try {
                step.run();
            } catch (KubernetesClientException e) {
                if (isOfTerminatingNamespace(e)) {
                    // Nothing to try again: the resource goes with the namespace.
                    terminating = true;
                    return;
                }
                LOG.warn("The API server refused a request: {}", reason(e));
                failed = true;
                problems.add(new Problem("ApplyFailed", reason(e)));
            }
        }

        private Optional<byte[]> keepKey(Optional<Map<String, String>> given) {
            String name = KeySecret.nameFor(owner);
            Optional<GenericKubernetesResource> existing = find(new Id("v1", Kinds.SECRET.getKind(), name));
            if (existing.filter(secret -> Stamp.isOn(secret, owner)).isPresent()
                    && KeySecret.key(existing.get()).isEmpty()) {
                problems.add(new Problem(
                        "KeySecretInvalid",
                        ("Secret %s has no key `%s` with the base64 of 32 bytes: restore it from a backup,"
                                        + " or delete the Secret if no data was stored yet")
                                .formatted(name, KeySecret.KEY)));
                return Optional.empty();
            }
            GenericKubernetesResource desired = keySecret.desired(owner, existing, given);
            int before = problems.size();
            keep(desired, existing);
            return problems.size() == before ? KeySecret.key(desired) : Optional.empty();
        }

        private void keep(GenericKubernetesResource object) {
            if (!children.watches(Kinds.of(object))) {
                problems.add(new Problem(
                        "ApiMissing",
                        "The cluster has no %s of %s: install it, or remove from the resource what asks for it"
                                .formatted(object.getKind(), object.getApiVersion())));
                return;
            }
            keep(object, find(Id.of(object)));
        }

        private void keep(GenericKubernetesResource object, Optional<GenericKubernetesResource> actual) {
            if (actual.isPresent() && !Stamp.isOn(actual.get(), owner)) {
                problems.add(nameTaken(object));
                return;
            }
            if (actual.isPresent() && actual.get().getMetadata().getDeletionTimestamp() != null) {
                return; // comes back when it is gone, which is an event
            }
            GenericKubernetesResource desired = Stamp.put(object, owner);
            boolean changed =
                    actual.filter(found -> Stamp.isSame(found, desired)).isEmpty();
            if (!changed && appliedBy(actual.get()).cover(Fields.of(desired))) {
                return;
            }
            if (changed && gate.holds(desired, actual)) {
                if (!held.contains(desired.getMetadata().getName())) {
                    held.add(desired.getMetadata().getName());
                }
                return;
            }
            write(desired, actual);
            actual.filter(found -> Kinds.of(found).equals(Kinds.DEPLOYMENT))
                    .filter(found -> !Stamp.templateOf(found).equals(Stamp.templateOf(desired)))
                    .flatMap(found -> Services.of(found))
                    .ifPresent(service -> restarts.add(new Restart(service, desired.get("spec", "template"))));
        }

        private void write(GenericKubernetesResource desired, Optional<GenericKubernetesResource> actual) {
            actual.ifPresent(found -> keepReplicas(desired, found));
            var resource = client.resource(desired).fieldManager(Labels.MANAGER);
            try {
                GenericKubernetesResource written =
                        actual.isPresent() ? resource.forceConflicts().serverSideApply() : resource.serverSideApply();
                LOG.info(
                        "{} {} {}",
                        actual.isPresent() ? "Updated" : "Created",
                        desired.getKind(),
                        desired.getMetadata().getName());
                children.written(written, actual);
            } catch (KubernetesClientException e) {
                if (actual.isPresent() || e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                    throw e;
                }
                problems.add(nameTaken(desired)); // made by someone else since the look-up
            }
        }

        /**
         * A field that is applied no longer and has no other manager is removed, and the number of replicas would fall to the API
         * server's default of 1 before an autoscaler sets it. A manager of this field alone keeps it.
         */
        private void keepReplicas(GenericKubernetesResource desired, GenericKubernetesResource actual) {
            if (!Kinds.of(desired).equals(Kinds.DEPLOYMENT)
                    || desired.get("spec", "replicas") != null
                    || !appliedBy(actual).contains("spec", "replicas")) {
                return;
            }
            var replicas = new GenericKubernetesResource();
            replicas.setApiVersion(actual.getApiVersion());
            replicas.setKind(actual.getKind());
            replicas.setMetadata(new ObjectMetaBuilder()
                    .withName(actual.getMetadata().getName())
                    .withNamespace(namespace)
                    .build());
            replicas.setAdditionalProperty("spec", Map.of("replicas", actual.<Object>get("spec", "replicas")));
            client.resource(replicas)
                    .fieldManager(REPLICAS_MANAGER)
                    .forceConflicts()
                    .serverSideApply();
        }

        private void prune(List<GenericKubernetesResource> rendered) {
            Set<Id> desired = new HashSet<>();
            rendered.forEach(object -> desired.add(Id.of(object)));
            children.of(namespace, owner.getMetadata().getName()).stream()
                    .filter(object -> !desired.contains(Id.of(object)))
                    .filter(object -> !Kinds.holdsData(object))
                    .filter(object -> Stamp.isOn(object, owner))
                    .filter(object -> object.getMetadata().getDeletionTimestamp() == null)
                    .forEach(object -> {
                        client.resource(object)
                                .lockResourceVersion(object.getMetadata().getResourceVersion())
                                .delete();
                        LOG.info(
                                "Deleted {} {}, which is needed no longer",
                                object.getKind(),
                                object.getMetadata().getName());
                    });
        }

        private Optional<GenericKubernetesResource> find(Id id) {
            return children.find(id.gvk(), namespace, id.name())
                    .or(() -> Optional.ofNullable(client.genericKubernetesResources(id.apiVersion(), id.kind())
                            .inNamespace(namespace)
                            .withName(id.name())
                            .get()));
        }
    }

    private static ManagedFields appliedBy(GenericKubernetesResource object) {
        return ManagedFields.appliedBy(Labels.MANAGER, object);
    }

    private static Problem nameTaken(GenericKubernetesResource object) {
        String kind = object.getKind();
        String name = object.getMetadata().getName();
        return new Problem(
                "NameTaken",
                ("%s %s exists and is not this resource's: delete it, give the TaskPlatform another name, or hand it over with"
                                + " `kubectl label %s %s %s=%s %s=%s --overwrite`")
                        .formatted(
                                kind,
                                name,
                                kind.toLowerCase(Locale.ROOT),
                                name,
                                Labels.MANAGED_BY,
                                Labels.MANAGER,
                                Labels.INSTANCE,
                                Labels.of(object, Labels.INSTANCE).orElseThrow()));
    }

    private static boolean isOfTerminatingNamespace(KubernetesClientException e) {
        return Optional.ofNullable(e.getStatus()).map(status -> status.getDetails()).stream()
                .flatMap(details -> details.getCauses().stream())
                .anyMatch(cause -> "NamespaceTerminating".equals(cause.getReason()));
    }

    private static String reason(KubernetesClientException e) {
        return Optional.ofNullable(e.getStatus())
                .map(status -> status.getMessage())
                .flatMap(message -> message.lines().findFirst()) // a difference of two objects may follow
                .filter(message -> !message.isBlank())
                .orElse("The API server can't be reached or answered an error: " + e.getMessage());
    }

    /** What identifies an object inside a namespace. */
    private record Id(String apiVersion, String kind, String name) {
        static Id of(GenericKubernetesResource object) {
            return new Id(
                    object.getApiVersion(),
                    object.getKind(),
                    object.getMetadata().getName());
        }

        GroupVersionKind gvk() {
            return new GroupVersionKind(apiVersion, kind);
        }
    }
}
