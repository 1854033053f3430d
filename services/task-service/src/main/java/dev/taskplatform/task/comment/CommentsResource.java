// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.comment;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.http.QueryParameters;
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
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/tasks/{taskId}/comments}: what was said about a task. */
public final class CommentsResource implements HttpService {
    private static final String SCOPE = "tasks";

    private final Comments comments;
    private final SharedCursors cursors;
    private final BearerAuthentication bearer;
    private final Idempotency idempotency;
    private final JsonReader json;

    /** Collaborators. */
    public CommentsResource(
            Comments comments,
            SharedCursors cursors,
            BearerAuthentication bearer,
            Idempotency idempotency,
            JsonReader json) {
        this.comments = comments;
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
                .delete("/{id}", bearer.user(SCOPE, this::remove));
    }

    private void create(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID task = task(request);
        Comment comment = comments.add(caller.userId(), task, text(json.fields(request)));
        response.status(Status.CREATED_201)
                .header(HeaderNames.LOCATION, "/v1/tasks/%s/comments/%s".formatted(task, comment.id()));
        send(comment, response);
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID task = task(request);
        QueryParameters query = new QueryParameters(request.query());
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        String name = "comments of " + task + " " + caller.userId();
        Optional<UUID> after = query.optional("cursor", text -> cursors.codec().decodeId(name, text));
        query.done();
        Page<CommentView> page = Page.of(
                comments.list(caller.userId(), task, after, limit + 1),
                limit,
                CommentView::of,
                last -> cursors.codec().encode(name, last.id()));
        page.link(request).ifPresent(response::header);
        response.header(CacheControl.REVALIDATE).send(page);
    }

    private void get(AccessToken caller, ServerRequest request, ServerResponse response) {
        send(comments.get(caller.userId(), task(request), id(request)), response);
    }

    private void change(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID task = task(request);
        UUID id = id(request);
        var versions = Preconditions.versions(request.headers());
        String text = text(new JsonFields(json.mergePatch(request)));
        send(comments.change(caller.userId(), task, id, versions, text), response);
    }

    private void remove(AccessToken caller, ServerRequest request, ServerResponse response) {
        comments.remove(caller.userId(), task(request), id(request), Preconditions.versions(request.headers()));
        response.status(Status.NO_CONTENT_204).send();
    }

    private static String text(JsonFields body) {
        String text = body.required("text", CommentText::of);
        body.done();
        return text;
    }

    private static UUID task(ServerRequest request) {
        return PathParameters.uuid(request, "taskId");
    }

    private static UUID id(ServerRequest request) {
        return PathParameters.uuid(request, "id");
    }

    private static void send(Comment comment, ServerResponse response) {
        response.header(EntityTag.ofVersion(comment.version()).header())
                .header(CacheControl.REVALIDATE)
                .send(CommentView.of(comment));
    }
}
