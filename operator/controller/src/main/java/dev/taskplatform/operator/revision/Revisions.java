// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.revision;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.apply.Fields;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.apply.Labels;
import dev.taskplatform.operator.apply.ManagedFields;
import dev.taskplatform.operator.apply.Services;
import dev.taskplatform.operator.apply.Stamp;
import dev.taskplatform.operator.chart.ImageReference;
import dev.taskplatform.operator.chart.OperandImages;
import dev.taskplatform.operator.status.Problem;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import java.net.HttpURLConnection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is remembered of a resource: the revision that ran healthily last, and which ones failed. Each is a ControllerRevision that
 * the resource owns, as Kubernetes' own controllers keep them, so that it outlives the operator and people can look at it. Deleting
 * one that failed makes the operator try it again.
 */
public final class Revisions {

    private static final String HEALTH = "taskplatform.dev/health";
    private static final String HEALTHY = "Healthy";
    private static final String FAILED = "Failed";
    private static final String DIGEST = "taskplatform.dev/digest";
    private static final String OPERATOR = "taskplatform.dev/operator";
    private static final String REASON = "taskplatform.dev/reason";
    private static final String MESSAGE = "taskplatform.dev/message";
    private static final int MOST_FAILED = 5;
    private static final int IN_MEMORY = 32;
    private static final int DIGITS = 10;

    /** Digest of an operator that did not say what it brought along. */
    private static final String UNKNOWN = "0".repeat(DIGITS);

    private final KubernetesClient client;
    private final RevisionCache cache;
    private final ObjectMapper mapper = new ObjectMapper();
    private final Map<String, Revision> contents = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Revision> eldest) {
            return size() > IN_MEMORY;
        }
    };

    /**
     * @param client access to the cluster
     * @param cache what is known of it
     */
    public Revisions(KubernetesClient client, RevisionCache cache) {
        this.client = client;
        this.cache = cache;
    }

    /**
     * The revision that ran healthily last, without its content.
     *
     * @param name name of the ControllerRevision
     * @param digest digest of its content
     * @param operator digest of what the operator that made it brought along: chart and images
     */
    public record Healthy(String name, String digest, String operator) {}

    /**
     * @param owner a resource
     * @return the revision that ran healthily last
     */
    public Optional<Healthy> healthy(TaskPlatform owner) {
        return newestHealthy(owner)
                .map(found -> new Healthy(
                        found.getMetadata().getName(), annotation(found, DIGEST), annotation(found, OPERATOR)));
    }

    private Optional<GenericKubernetesResource> newestHealthy(TaskPlatform owner) {
        return of(owner, HEALTHY).max(Comparator.comparingLong(Revisions::number));
    }

    /**
     * @param owner a resource
     * @param digest digest of a revision
     * @return why it failed, if it did
     */
    public Optional<Failure> failure(TaskPlatform owner, String digest) {
        return of(owner, FAILED)
                .filter(found -> digest.equals(annotation(found, DIGEST)))
                .findFirst()
                .map(found -> new Failure(
                        found.getMetadata().getName(),
                        new Problem(annotation(found, REASON), annotation(found, MESSAGE))));
    }

    /**
     * A revision that did not become healthy.
     *
     * @param name name of the ControllerRevision
     * @param problem why, in the pod's own words where it had any
     */
    public record Failure(String name, Problem problem) {}

    /**
     * @param owner a resource
     * @param healthy one of its revisions
     * @return the revision's content; empty when it has been deleted meanwhile
     */
    public Optional<Revision> read(TaskPlatform owner, Healthy healthy) {
        String key = owner.getMetadata().getUid() + "/" + healthy.name();
        synchronized (contents) {
            if (contents.containsKey(key)) {
                return Optional.of(contents.get(key));
            }
        }
        Optional<Revision> read = Optional.ofNullable(get(Kinds.REVISION, owner, healthy.name()))
                .map(found -> mapper.convertValue(found.<Object>get("data"), Revision.class));
        read.ifPresent(revision -> {
            synchronized (contents) {
                contents.put(key, revision);
            }
        });
        return read;
    }

    /**
     * Remembers that a revision runs healthily; writes nothing when that is known.
     *
     * @param owner a resource
     * @param revision what runs
     * @param operator digest of what the operator brought along to it
     */
    public void recordHealthy(TaskPlatform owner, Revision revision, String operator) {
        String digest = revision.digest();
        Optional<GenericKubernetesResource> newest = newestHealthy(owner);
        if (newest.filter(found ->
                        digest.equals(annotation(found, DIGEST)) && operator.equals(annotation(found, OPERATOR)))
                .isEmpty()) {
            String name = "%s-%s-%s"
                    .formatted(
                            owner.getMetadata().getName(), digest.substring(0, DIGITS), operator.substring(0, DIGITS));
            long number = newest.map(Revisions::number).orElse(0L) + 1;
            keep(object(
                    owner,
                    name,
                    number,
                    Map.of(HEALTH, HEALTHY, DIGEST, digest, OPERATOR, operator),
                    mapper.convertValue(revision, Map.class)));
        }
        of(owner, HEALTHY)
                .sorted(Comparator.comparingLong(Revisions::number).reversed())
                .skip(1)
                .forEach(this::forget);
        of(owner, FAILED)
                .filter(found -> digest.equals(annotation(found, DIGEST)))
                .forEach(this::forget);
    }

    /**
     * Remembers that a revision did not become healthy, so that it is not tried again.
     *
     * @param owner a resource
     * @param digest digest of the revision
     * @param problem why
     */
    public void recordFailed(TaskPlatform owner, String digest, Problem problem) {
        String name = "%s-%s-failed".formatted(owner.getMetadata().getName(), digest.substring(0, DIGITS));
        long number = of(owner, FAILED).mapToLong(Revisions::number).max().orElse(0) + 1;
        keep(object(
                owner,
                name,
                number,
                Map.of(HEALTH, FAILED, DIGEST, digest, REASON, problem.reason(), MESSAGE, problem.message()),
                Map.of(DIGEST, digest))); // some data is mandatory
        of(owner, FAILED)
                .sorted(Comparator.comparingLong(Revisions::number).reversed())
                .skip(MOST_FAILED)
                .forEach(this::forget);
    }

    /**
     * Takes what an operator without revisions has applied as healthy, so that it can be gone back to, and is not restarted without
     * being asked for.
     *
     * @param owner a resource without a healthy revision
     * @param values what the chart is given for the resource with the images that run
     * @return whether there was something to adopt
     */
    public boolean adopt(TaskPlatform owner, Function<OperandImages, Map<String, Object>> values) {
        Map<String, Map<String, Object>> templates = new LinkedHashMap<>();
        Map<String, Map<String, Object>> files = new LinkedHashMap<>();
        Map<String, ImageReference> images = new LinkedHashMap<>();
        for (String service : Services.ALL) {
            String name = owner.getMetadata().getName() + "-" + service;
            GenericKubernetesResource deployment = get(Kinds.DEPLOYMENT, owner, name);
            GenericKubernetesResource file = get(Kinds.CONFIG_MAP, owner, name);
            if (deployment == null || file == null || !Stamp.isOn(deployment, owner)) {
                return false;
            }
            var applied = new GenericKubernetesResource();
            applied.setAdditionalProperties(
                    ManagedFields.appliedBy(Labels.MANAGER, deployment).of(Fields.of(deployment)));
            templates.put(service, applied.get("spec", "template"));
            files.put(service, file.get("data"));
            images.put(
                    service, ImageReference.parse(applied.get("spec", "template", "spec", "containers", 0, "image")));
        }
        var operands = new OperandImages(images.get(Services.USER), images.get(Services.TASK));
        recordHealthy(owner, new Revision(values.apply(operands), operands, templates, files), UNKNOWN);
        return true;
    }

    /**
     * Forgets what ran: the data is elsewhere now, so that there is no way back to it.
     *
     * @param owner a resource
     */
    public void forgetAll(TaskPlatform owner) {
        Stream.of(HEALTHY, FAILED).flatMap(health -> of(owner, health)).forEach(this::forget);
    }

    private Stream<GenericKubernetesResource> of(TaskPlatform owner, String health) {
        return cache
                .revisions(
                        owner.getMetadata().getNamespace(), owner.getMetadata().getName())
                .stream()
                .filter(found -> health.equals(annotation(found, HEALTH)))
                .filter(found -> Stamp.isOn(found, owner))
                .filter(found -> found.getMetadata().getDeletionTimestamp() == null);
    }

    private GenericKubernetesResource object(
            TaskPlatform owner, String name, long number, Map<String, String> annotations, Map<?, ?> content) {
        var object = new GenericKubernetesResource();
        object.setApiVersion(Kinds.REVISION.apiVersion());
        object.setKind(Kinds.REVISION.getKind());
        object.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(owner.getMetadata().getNamespace())
                .withLabels(Labels.ofBoth(owner.getMetadata().getName()))
                .withAnnotations(annotations)
                .withOwnerReferences(Stamp.reference(owner))
                .build());
        object.setAdditionalProperty("revision", number);
        object.setAdditionalProperty("data", content);
        return object;
    }

    /** Its content never changes, so one that is there already only becomes the newest. */
    private void keep(GenericKubernetesResource object) {
        try {
            client.resource(object).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
                throw e;
            }
            client.resource(object)
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"revision\": %s}".formatted(object.<Object>get("revision")));
        }
    }

    private void forget(GenericKubernetesResource object) {
        client.resource(object).delete();
    }

    private GenericKubernetesResource get(GroupVersionKind kind, TaskPlatform owner, String name) {
        return client.genericKubernetesResources(kind.apiVersion(), kind.getKind())
                .inNamespace(owner.getMetadata().getNamespace())
                .withName(name)
                .get();
    }

    private static long number(GenericKubernetesResource object) {
        Number number = object.get("revision");
        return number == null ? 0 : number.longValue();
    }

    private static String annotation(GenericKubernetesResource object, String name) {
        return Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.<String, String>of())
                .getOrDefault(name, "");
    }
}
