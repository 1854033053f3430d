// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformStatus;
import dev.taskplatform.operator.apply.Applier;
import dev.taskplatform.operator.apply.KeySecret;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.apply.Outcome;
import dev.taskplatform.operator.chart.Chart;
import dev.taskplatform.operator.chart.ChartValues;
import dev.taskplatform.operator.chart.RenderException;
import dev.taskplatform.operator.status.Observation;
import dev.taskplatform.operator.status.Problem;
import dev.taskplatform.operator.status.StatusCalculator;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Renders the chart for a resource, applies it, and says in the status how far it is.
 *
 * <p>There is no finalizer: everything is owned by the resource and goes with it, and a namespace can be deleted although the
 * operator is gone.
 */
public final class TaskPlatformReconciler implements Reconciler<TaskPlatform> {

    /** What is looked at again although no watch tells about it: a Secret or an object of the user's that is in the way. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private final Chart chart;
    private final ChartValues values;
    private final ChildInformers children;
    private final Applier applier;
    private final DatabaseSecret databaseSecret;
    private final Clock clock;

    /**
     * @param client access to the cluster
     * @param chart definition of the workloads
     * @param values maker of the chart's values
     * @param keySecret maker of encryption keys
     * @param clock time of the conditions' transitions
     */
    public TaskPlatformReconciler(
            KubernetesClient client, Chart chart, ChartValues values, KeySecret keySecret, Clock clock) {
        this.chart = chart;
        this.values = values;
        this.children = new ChildInformers(client);
        this.applier = new Applier(client, children, keySecret);
        this.databaseSecret = new DatabaseSecret(client);
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, TaskPlatform>> prepareEventSources(EventSourceContext<TaskPlatform> context) {
        return children.create(context);
    }

    @Override
    public UpdateControl<TaskPlatform> reconcile(TaskPlatform resource, Context<TaskPlatform> context)
            throws ApplyFailedException {
        boolean paused = Boolean.TRUE.equals(resource.getSpec().paused());
        Outcome outcome = paused ? Outcome.NONE : bringAbout(resource, context);
        if (outcome.failed()) {
            throw new ApplyFailedException(outcome);
        }
        UpdateControl<TaskPlatform> control = newStatus(resource, outcome)
                .map(status -> UpdateControl.patchStatus(withStatus(resource, status)))
                .orElseGet(UpdateControl::noUpdate);
        return outcome.problems().isEmpty() ? control : control.rescheduleAfter(LOOK_AGAIN);
    }

    @Override
    public ErrorStatusUpdateControl<TaskPlatform> updateErrorStatus(
            TaskPlatform resource, Context<TaskPlatform> context, Exception error) {
        Outcome outcome = error instanceof ApplyFailedException failure
                ? failure.outcome()
                : Outcome.of(new Problem("ReconcileFailed", "The operator failed: " + error));
        return newStatus(resource, outcome)
                .map(status -> ErrorStatusUpdateControl.patchStatus(withStatus(resource, status)))
                .orElseGet(ErrorStatusUpdateControl::noStatusUpdate);
    }

    private Outcome bringAbout(TaskPlatform resource, Context<TaskPlatform> context) {
        List<GenericKubernetesResource> rendered;
        try {
            rendered = chart.render(
                    resource.getMetadata().getName(),
                    resource.getMetadata().getNamespace(),
                    values.of(resource.getSpec(), KeySecret.nameFor(resource)));
        } catch (RenderException e) {
            // Nothing is applied or pruned: what runs goes on.
            return Outcome.of(
                    new Problem("RenderFailed", "The resource can't be turned into objects: " + e.getMessage()));
        }
        if (rendered.stream().anyMatch(object -> !children.watches(Kinds.of(object)))) {
            children.watchNewKinds(context.eventSourceRetriever());
        }
        Optional<Problem> database = databaseSecret.check(resource);
        Outcome outcome =
                applier.apply(resource, RolloutGate.inOrder(rendered), new RolloutGate(children, database.isEmpty()));
        List<Problem> problems = new ArrayList<>(database.stream().toList());
        problems.addAll(outcome.problems());
        return new Outcome(problems, outcome.held(), outcome.failed());
    }

    private Optional<TaskPlatformStatus> newStatus(TaskPlatform resource, Outcome outcome) {
        TaskPlatformStatus status = StatusCalculator.calculate(
                resource, outcome.problems(), outcome.held(), observe(resource), clock.instant());
        return status.equals(resource.getStatus()) ? Optional.empty() : Optional.of(status);
    }

    private List<Observation> observe(TaskPlatform resource) {
        String namespace = resource.getMetadata().getNamespace();
        String name = resource.getMetadata().getName();
        return Stream.of(Services.USER, Services.TASK)
                .map(service -> new Observation(
                        service,
                        children.find(Kinds.DEPLOYMENT, namespace, name + "-" + service)
                                .map(RolloutGate::typed),
                        children.pods(namespace, name, service),
                        children.find(Kinds.VOLUME_CLAIM, namespace, name + "-" + service + "-data")
                                .map(claim -> claim.get("status", "phase"))))
                .toList();
    }

    /** Server-side apply of the status alone: an object without spec, labels and version. */
    private static TaskPlatform withStatus(TaskPlatform resource, TaskPlatformStatus status) {
        var patch = new TaskPlatform();
        patch.setMetadata(new ObjectMetaBuilder()
                .withName(resource.getMetadata().getName())
                .withNamespace(resource.getMetadata().getNamespace())
                .build());
        patch.setStatus(status);
        return patch;
    }
}
