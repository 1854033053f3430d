// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.task.reminder.ReminderSink;
import dev.taskplatform.task.task.Reminder;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskChange;
import dev.taskplatform.task.task.TaskListener;
import dev.taskplatform.task.task.TaskView;
import dev.taskplatform.task.task.TaskWrites;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Puts what happens into the outbox, in the transaction in which it happens, for each webhook that wants to be told. */
public final class Outbox implements TaskListener, ReminderSink {
    private final WebhookRepository webhooks;
    private final DeliveryRepository deliveries;
    private final ObjectMapper mapper;
    private final UuidGenerator ids;
    private final Clock clock;

    /** Collaborators. */
    public Outbox(
            WebhookRepository webhooks,
            DeliveryRepository deliveries,
            ObjectMapper mapper,
            UuidGenerator ids,
            Clock clock) {
        this.webhooks = webhooks;
        this.deliveries = deliveries;
        this.mapper = mapper;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public void changed(TaskChange change, TaskWrites writes) {
        tell(EventType.of(change), change.after(), change.actor(), Optional.empty());
    }

    @Override
    public void remind(Task task, Reminder reminder) {
        tell(EventType.TASK_REMINDER, task, Optional.empty(), Optional.of(reminder));
    }

    /** Sends a webhook an event that says nothing. */
    void test(Webhook webhook) {
        UUID id = ids.next();
        Payload payload = new Payload(id, EventType.WEBHOOK_TEST, clock.instant(), null, null, null, null);
        add(id, webhook.id(), Optional.empty(), Optional.empty(), payload);
    }

    private void tell(EventType type, Task task, Optional<UUID> actor, Optional<Reminder> reminder) {
        for (UUID webhook : webhooks.interested(task.list(), type)) {
            UUID id = ids.next();
            Payload payload = new Payload(
                    id,
                    type,
                    clock.instant(),
                    task.list(),
                    actor.orElse(null),
                    reminder.orElse(null),
                    TaskView.of(task));
            add(id, webhook, Optional.of(task.list()), Optional.of(task.id()), payload);
        }
    }

    private void add(UUID id, UUID webhook, Optional<UUID> list, Optional<UUID> task, Payload payload) {
        try {
            deliveries.add(
                    id, webhook, list, task, payload.type(), mapper.writeValueAsString(payload), payload.occurredAt());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A task is always JSON", e);
        }
    }

    /**
     * What is sent; what is null is not in JSON.
     *
     * @param task as it was then
     */
    private record Payload(
            UUID id, EventType type, Instant occurredAt, UUID listId, UUID actorId, Reminder reminder, TaskView task) {}
}
