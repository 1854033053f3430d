// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.event;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.apply.Digest;
import dev.taskplatform.operator.apply.Labels;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes Kubernetes events about a resource, which {@code kubectl describe} shows. An event that says the same of the same generation
 * is the same event, so that an operator that was ended between two writes tells nothing twice. They are help for people: that one
 * could not be written is logged and keeps nothing from going on.
 */
public final class Events {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    /** What the API server takes of a message. */
    private static final int MOST = 1024;

    private final KubernetesClient client;
    private final Clock clock;

    /**
     * @param client access to the cluster
     * @param clock time of the events
     */
    public Events(KubernetesClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Whether an event asks for somebody's attention. */
    public enum Type {
        Normal,
        Warning
    }

    /**
     * @param resource what the event is about
     * @param type whether it asks for attention
     * @param reason CamelCase word for programs
     * @param message sentence for people, cut off after 1024 characters
     */
    public void record(TaskPlatform resource, Type type, String reason, String message) {
        var metadata = resource.getMetadata();
        String text = message.length() <= MOST ? message : message.substring(0, MOST - 3) + "...";
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String same = Digest.of(List.of(metadata.getUid(), metadata.getGeneration(), reason, text));
        Event event = new EventBuilder()
                .withNewMetadata()
                .withName(metadata.getName() + "." + same)
                .withNamespace(metadata.getNamespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(resource.getApiVersion())
                .withKind(resource.getKind())
                .withName(metadata.getName())
                .withNamespace(metadata.getNamespace())
                .withUid(metadata.getUid())
                .endInvolvedObject()
                .withType(type.name())
                .withReason(reason)
                .withMessage(text)
                .withNewSource()
                .withComponent(Labels.MANAGER)
                .endSource()
                .withReportingComponent(Labels.MANAGER)
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .build();
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                again(event, now);
            } else {
                LOG.warn("The event {} could not be written: {}", reason, e.getMessage());
            }
        }
    }

    private void again(Event event, String now) {
        try {
            client.resource(event)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"lastTimestamp\": \"%s\"}".formatted(now));
        } catch (KubernetesClientException e) {
            LOG.warn("The event {} could not be written again: {}", event.getReason(), e.getMessage());
        }
    }
}
