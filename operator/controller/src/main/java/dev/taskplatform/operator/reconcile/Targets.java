// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.UpgradePolicy;
import dev.taskplatform.operator.apply.KeySecret;
import dev.taskplatform.operator.apply.Services;
import dev.taskplatform.operator.chart.Chart;
import dev.taskplatform.operator.chart.ChartValues;
import dev.taskplatform.operator.chart.OperandImages;
import dev.taskplatform.operator.chart.RenderException;
import dev.taskplatform.operator.data.DataCommand;
import dev.taskplatform.operator.revision.Revision;
import dev.taskplatform.operator.revision.Revisions;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides what is to be in the cluster for a resource: the chart, rendered for its spec, but
 *
 * <ul>
 *   <li>with the pods that ran healthily last when the spec's own did not become healthy;
 *   <li>with the pods as they are when only a new version of the operator would change them and nobody has approved that. A change
 *       of the spec that changes pods takes the operator's own changes of their definition along, since they restart anyway, but
 *       not its new images.
 * </ul>
 */
final class Targets {

    /** Annotation by which a person approves what a new version of the operator would change. */
    private static final String APPROVED = "taskplatform.dev/approved";

    /** Annotation of the resource whose change restarts the pods. */
    private static final String RESTARTED_AT = "taskplatform.dev/restarted-at";

    private static final String CREDENTIALS = "taskplatform.dev/database-credentials";
    private static final int APPROVAL_DIGITS = 10;

    private final Chart chart;
    private final ChartValues values = new ChartValues();
    private final OperatorPart operator;
    private final Revisions revisions;

    Targets(Chart chart, OperatorPart operator, Revisions revisions) {
        this.chart = chart;
        this.operator = operator;
        this.revisions = revisions;
    }

    /**
     * @param resource a resource
     * @param credentials digest of the connection to its database, if it has one
     * @return what is to be in the cluster
     * @throws RenderException when the chart refuses the spec
     */
    Target of(TaskPlatform resource, Optional<String> credentials) throws RenderException {
        Rendered full = render(resource, operator.images(), credentials);
        Optional<Revisions.Healthy> healthy = revisions.healthy(resource);
        Optional<Revision> last = healthy.flatMap(found -> revisions.read(resource, found));
        Optional<Rendered> held = last.isPresent() && waits(resource, healthy.get())
                ? Optional.of(held(resource, full, last.get(), credentials))
                        .filter(found -> !found.revision()
                                .digest()
                                .equals(full.revision().digest()))
                : Optional.empty();
        Rendered wanted = held.orElse(full);
        Optional<Revisions.Failure> failure = last.flatMap(
                found -> revisions.failure(resource, wanted.revision().digest()));
        return new Target(
                failure.isPresent() ? last.get().in(wanted.objects()) : wanted.objects(),
                wanted.revision(),
                held.isPresent() ? healthy.get().operator() : operator.digest(),
                last,
                failure,
                held.map(found -> new Target.Upgrade(full.revision(), approval())));
    }

    /**
     * @param resource a resource
     * @param credentials digest of the connection to its database, if it has one
     * @param command what is to be done with its data, by the images that run
     * @return everything that the chart has for it, and the Jobs
     * @throws RenderException when the chart refuses the spec
     */
    List<GenericKubernetesResource> withDataJobs(
            TaskPlatform resource, Optional<String> credentials, DataCommand command) throws RenderException {
        OperandImages images = revisions
                .healthy(resource)
                .flatMap(found -> revisions.read(resource, found))
                .map(Revision::images)
                .orElse(operator.images());
        return render(resource, command.in(values(resource, images, credentials)));
    }

    /** @return the chart's values for a resource, with images for one that names no others */
    Map<String, Object> values(TaskPlatform resource, OperandImages images, Optional<String> credentials) {
        return values.of(
                resource.getSpec(), images, KeySecret.nameFor(resource), podAnnotations(resource, credentials));
    }

    private boolean waits(TaskPlatform resource, Revisions.Healthy healthy) {
        return resource.getSpec().upgradePolicy() != UpgradePolicy.Automatic
                && !healthy.operator().equals(operator.digest())
                && !approval().equals(annotation(resource, APPROVED).orElse(""));
    }

    private Rendered held(TaskPlatform resource, Rendered full, Revision last, Optional<String> credentials)
            throws RenderException {
        Rendered pinned = render(resource, last.images(), credentials);
        List<String> unchanged = unchanged(resource, last, pinned.revision());
        List<GenericKubernetesResource> objects = last.templatesIn(pinned.objects(), unchanged);
        return new Rendered(objects, Revision.of(objects, pinned.revision().values(), last.images()));
    }

    /** Services whose pods this operator defines for the present spec just as for the one that runs. */
    private List<String> unchanged(TaskPlatform resource, Revision last, Revision now) {
        try {
            Revision before = Revision.of(render(resource, last.values()), last.values(), last.images());
            return Services.ALL.stream()
                    .filter(service -> before.template(service).equals(now.template(service)))
                    .toList();
        } catch (RenderException e) {
            return Services.ALL; // this operator's chart knows other values: nobody can tell, so nothing is restarted
        }
    }

    private Rendered render(TaskPlatform resource, OperandImages images, Optional<String> credentials)
            throws RenderException {
        Map<String, Object> all = values(resource, images, credentials);
        List<GenericKubernetesResource> objects = render(resource, all);
        return new Rendered(objects, Revision.of(objects, all, images));
    }

    private List<GenericKubernetesResource> render(TaskPlatform resource, Map<String, Object> all)
            throws RenderException {
        return chart.render(
                resource.getMetadata().getName(), resource.getMetadata().getNamespace(), all);
    }

    private static Map<String, String> podAnnotations(TaskPlatform resource, Optional<String> credentials) {
        Map<String, String> annotations = new LinkedHashMap<>();
        credentials.ifPresent(digest -> annotations.put(CREDENTIALS, digest));
        annotation(resource, RESTARTED_AT).ifPresent(time -> annotations.put(RESTARTED_AT, time));
        return annotations;
    }

    private static Optional<String> annotation(TaskPlatform resource, String name) {
        return Optional.ofNullable(
                Objects.requireNonNullElse(resource.getMetadata().getAnnotations(), Map.<String, String>of())
                        .get(name));
    }

    private String approval() {
        return operator.digest().substring(0, APPROVAL_DIGITS);
    }

    private record Rendered(List<GenericKubernetesResource> objects, Revision revision) {}
}
