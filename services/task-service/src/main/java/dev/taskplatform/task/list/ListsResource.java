// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.http.EntityTags;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.kit.idempotency.Idempotency;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.task.cursor.SharedCursors;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/lists}: the lists that the caller is a member of; others answer as if they did not exist. */
public final class ListsResource implements HttpService {
    private static final String SCOPE = "tasks";

    private final Lists lists;
    private final SharedCursors cursors;
    private final BearerAuthentication bearer;
    private final Idempotency idempotency;
    private final JsonReader json;
    private final UuidGenerator ids;
    private final Clock clock;

    /** Collaborators. */
    public ListsResource(
            Lists lists,
            SharedCursors cursors,
            BearerAuthentication bearer,
            Idempotency idempotency,
            JsonReader json,
            UuidGenerator ids,
            Clock clock) {
        this.lists = lists;
        this.cursors = cursors;
        this.bearer = bearer;
        this.idempotency = idempotency;
        this.json = json;
        this.ids = ids;
        this.clock = clock;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", bearer.user(SCOPE, idempotency.on(this::create)))
                .get("/", bearer.user(SCOPE, this::list))
                .get("/{id}", bearer.user(SCOPE, this::get))
                .patch("/{id}", bearer.user(SCOPE, this::change))
                .delete("/{id}", bearer.user(SCOPE, this::remove));
    }

    private void create(AccessToken caller, ServerRequest request, ServerResponse response) {
        VisibleList made = lists.create(caller.userId(), ids.next(), name(json.fields(request)), clock.instant());
        response.status(Status.CREATED_201)
                .header(HeaderNames.LOCATION, "/v1/lists/" + made.list().id());
        send(made, response);
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        String name = "lists of " + caller.userId();
        Optional<UUID> after = query.optional("cursor", text -> cursors.codec().decodeId(name, text));
        query.done();
        Page<ListView> page = Page.of(
                lists.list(caller.userId(), after, limit + 1),
                limit,
                ListView::of,
                last -> cursors.codec().encode(name, last.list().id()));
        page.link(request).ifPresent(response::header);
        response.header(CacheControl.REVALIDATE).send(page);
    }

    private void get(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        Optional<EntityTags> known = EntityTags.ifNoneMatch(request.headers());
        VisibleList found = lists.get(caller.userId(), id);
        if (!Preconditions.answerNotModified(known, tag(found), CacheControl.REVALIDATE, response)) {
            send(found, response);
        }
    }

    private void change(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        var versions = Preconditions.versions(request.headers());
        String name = name(new JsonFields(json.mergePatch(request)));
        send(lists.rename(caller.userId(), id, versions, name, clock.instant()), response);
    }

    private void remove(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        lists.remove(caller.userId(), id, Preconditions.versions(request.headers()), clock.instant());
        response.status(Status.NO_CONTENT_204).send();
    }

    private static String name(JsonFields body) {
        String name = body.required("name", ListText::name);
        body.done();
        return name;
    }

    private static void send(VisibleList list, ServerResponse response) {
        response.header(tag(list).header()).header(CacheControl.REVALIDATE).send(ListView.of(list));
    }

    private static EntityTag tag(VisibleList list) {
        return EntityTag.ofVersion(list.list().version());
    }
}
