// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.webhook;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.id.UuidText;
import dev.taskplatform.kit.idempotency.Idempotency;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.task.cursor.SharedCursors;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/webhooks}: where the caller wants to be told what happens. */
public final class WebhooksResource implements HttpService {
    private static final String SCOPE = "tasks";
    private static final int MAX_DESCRIPTION = 200;
    private static final int MOST_EVENTS = EventType.values().length;
    private static final List<EventType> ALL = Arrays.stream(EventType.values())
            .filter(type -> type != EventType.WEBHOOK_TEST)
            .toList();

    private final Webhooks webhooks;
    private final TargetUrl urls;
    private final SharedCursors cursors;
    private final BearerAuthentication bearer;
    private final Idempotency idempotency;
    private final JsonReader json;

    /** Collaborators. */
    public WebhooksResource(
            Webhooks webhooks,
            TargetUrl urls,
            SharedCursors cursors,
            BearerAuthentication bearer,
            Idempotency idempotency,
            JsonReader json) {
        this.webhooks = webhooks;
        this.urls = urls;
        this.cursors = cursors;
        this.bearer = bearer;
        this.idempotency = idempotency;
        this.json = json;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", bearer.user(SCOPE, idempotency.on(this::create)))
                .get("/", bearer.user(SCOPE, this::list))
                .get("/{id}", bearer.user(SCOPE, this::get))
                .patch("/{id}", bearer.user(SCOPE, this::change))
                .delete("/{id}", bearer.user(SCOPE, this::remove))
                .post("/{id}/rotate-secret", bearer.user(SCOPE, this::rotateSecret))
                .post("/{id}/test", bearer.user(SCOPE, this::test))
                .get("/{id}/deliveries", bearer.user(SCOPE, this::deliveries))
                .post("/{id}/deliveries/{deliveryId}/redeliver", bearer.user(SCOPE, this::redeliver));
    }

    private void create(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        String url = body.required("url", urls::of);
        List<EventType> events =
                body.optionalSet("events", MOST_EVENTS, WebhooksResource::event).orElse(ALL);
        Optional<UUID> list = body.optional("listId", UuidText::of);
        Optional<String> description = body.optional("description", WebhooksResource::description);
        body.done();
        Webhooks.WithSecret made =
                webhooks.create(caller.userId(), url, events.isEmpty() ? ALL : events, list, description);
        response.status(Status.CREATED_201)
                .header(HeaderNames.LOCATION, "/v1/webhooks/" + made.webhook().id())
                .header(EntityTag.ofVersion(made.webhook().version()).header())
                .header(CacheControl.NO_STORE)
                .send(View.of(made.webhook(), made.secret()));
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        response.header(CacheControl.REVALIDATE)
                .send(new Found(webhooks.list(caller.userId()).stream()
                        .map(webhook -> View.of(webhook, null))
                        .toList()));
    }

    private void get(AccessToken caller, ServerRequest request, ServerResponse response) {
        send(webhooks.get(caller.userId(), id(request)), response);
    }

    private void change(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = id(request);
        var versions = Preconditions.versions(request.headers());
        JsonFields body = new JsonFields(json.mergePatch(request));
        Optional<String> url = body.optional("url", urls::of);
        Optional<List<EventType>> events = body.optionalSet("events", MOST_EVENTS, WebhooksResource::event);
        boolean allLists = body.takeNull("listId");
        Optional<UUID> list = allLists ? Optional.empty() : body.optional("listId", UuidText::of);
        boolean undescribed = body.takeNull("description");
        Optional<String> description =
                undescribed ? Optional.empty() : body.optional("description", WebhooksResource::description);
        Optional<Boolean> active = body.optionalBoolean("active");
        body.done();
        send(
                webhooks.change(
                        caller.userId(),
                        id,
                        versions,
                        before -> new Webhook(
                                before.id(),
                                before.user(),
                                url.orElse(before.url()),
                                events.filter(some -> !some.isEmpty()).orElse(before.events()),
                                allLists ? Optional.empty() : list.or(before::list),
                                undescribed ? Optional.empty() : description.or(before::description),
                                active.orElse(before.active()),
                                before.reason(),
                                before.version(),
                                before.createdAt(),
                                before.updatedAt())),
                response);
    }

    private void remove(AccessToken caller, ServerRequest request, ServerResponse response) {
        webhooks.remove(caller.userId(), id(request), Preconditions.versions(request.headers()));
        response.status(Status.NO_CONTENT_204).send();
    }

    private void rotateSecret(AccessToken caller, ServerRequest request, ServerResponse response) {
        Webhooks.WithSecret rotated = webhooks.rotateSecret(caller.userId(), id(request));
        response.header(CacheControl.NO_STORE).send(View.of(rotated.webhook(), rotated.secret()));
    }

    private void test(AccessToken caller, ServerRequest request, ServerResponse response) {
        webhooks.test(caller.userId(), id(request));
        response.status(Status.ACCEPTED_202).send();
    }

    private void deliveries(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = id(request);
        QueryParameters query = new QueryParameters(request.query());
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        String name = "deliveries of " + id + " " + caller.userId();
        Optional<Long> before = query.optional(
                "cursor",
                text -> ByteBuffer.wrap(cursors.codec().decode(name, text)).getLong());
        query.done();
        Page<DeliveryView> page = Page.of(
                webhooks.deliveries(caller.userId(), id, before, limit + 1),
                limit,
                DeliveryView::of,
                last -> cursors.codec()
                        .encode(
                                name,
                                ByteBuffer.allocate(Long.BYTES)
                                        .putLong(last.seq())
                                        .array()));
        page.link(request).ifPresent(response::header);
        response.header(CacheControl.NO_STORE).send(page);
    }

    private void redeliver(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID delivery = PathParameters.uuid(request, "deliveryId");
        response.status(Status.ACCEPTED_202)
                .header(CacheControl.NO_STORE)
                .send(DeliveryView.of(webhooks.redeliver(caller.userId(), id(request), delivery)));
    }

    private static UUID id(ServerRequest request) {
        return PathParameters.uuid(request, "id");
    }

    private static EventType event(String text) {
        EventType type = EventType.of(text);
        if (type == EventType.WEBHOOK_TEST) {
            throw new InvalidValueException("Every webhook gets webhook.test when its owner asks for it.");
        }
        return type;
    }

    private static String description(String text) {
        if (text.codePointCount(0, text.length()) > MAX_DESCRIPTION) {
            throw new InvalidValueException("A description has up to %d characters.".formatted(MAX_DESCRIPTION));
        }
        return text;
    }

    private static void send(Webhook webhook, ServerResponse response) {
        response.header(EntityTag.ofVersion(webhook.version()).header())
                .header(CacheControl.REVALIDATE)
                .send(View.of(webhook, null));
    }

    /** All of a person. */
    private record Found(List<View> items) {}

    /**
     * How a webhook looks to its owner; what is null is not in JSON.
     *
     * @param secret only when it was made just now
     */
    private record View(
            UUID id,
            String url,
            List<EventType> events,
            UUID listId,
            String description,
            boolean active,
            String reason,
            String secret,
            Instant createdAt,
            Instant updatedAt) {
        static View of(Webhook webhook, String secret) {
            return new View(
                    webhook.id(),
                    webhook.url(),
                    webhook.events(),
                    webhook.list().orElse(null),
                    webhook.description().orElse(null),
                    webhook.active(),
                    webhook.reason().orElse(null),
                    secret,
                    webhook.createdAt(),
                    webhook.updatedAt());
        }

        /** Leaves the secret out. */
        @Override
        public String toString() {
            return "View[" + id + "]";
        }
    }

    /** How a delivery looks; what is null is not in JSON. */
    private record DeliveryView(
            UUID id,
            EventType type,
            UUID taskId,
            Delivery.State state,
            int attempts,
            Instant nextAttemptAt,
            Integer lastStatus,
            String lastError,
            Instant createdAt,
            Instant updatedAt) {
        static DeliveryView of(Delivery delivery) {
            return new DeliveryView(
                    delivery.id(),
                    delivery.type(),
                    delivery.task().orElse(null),
                    delivery.state(),
                    delivery.attempts(),
                    delivery.state() == Delivery.State.PENDING ? delivery.nextAttemptAt() : null,
                    delivery.lastStatus().orElse(null),
                    delivery.lastError().orElse(null),
                    delivery.createdAt(),
                    delivery.updatedAt());
        }
    }
}
