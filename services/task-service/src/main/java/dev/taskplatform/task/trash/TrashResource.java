// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.trash;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.http.TimedId;
import dev.taskplatform.task.cursor.SharedCursors;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskView;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.UUID;

/** {@code DELETE /v1/tasks/{id}}, and {@code /v1/trash}: tasks that were deleted, for as long as they can come back. */
public final class TrashResource implements HttpService {
    private static final String SCOPE = "tasks";

    private final Trash trash;
    private final SharedCursors cursors;
    private final BearerAuthentication bearer;

    /** Collaborators. */
    public TrashResource(Trash trash, SharedCursors cursors, BearerAuthentication bearer) {
        this.trash = trash;
        this.cursors = cursors;
        this.bearer = bearer;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.delete("/v1/tasks/{id}", bearer.user(SCOPE, this::delete))
                .get("/v1/trash", bearer.user(SCOPE, this::list))
                .post("/v1/trash/{id}/restore", bearer.user(SCOPE, this::restore))
                .delete("/v1/trash/{id}", bearer.user(SCOPE, this::remove));
    }

    private void delete(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        trash.put(caller.userId(), id, Preconditions.versions(request.headers()));
        response.status(Status.NO_CONTENT_204).send();
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        String name = "trash of " + caller.userId();
        Optional<TimedId> after =
                query.optional("cursor", text -> cursors.codec().decodeTimedId(name, text));
        query.done();
        Page<TaskView> page = Page.of(
                trash.list(caller.userId(), after, limit + 1),
                limit,
                TaskView::of,
                last -> cursors.codec()
                        .encode(name, new TimedId(last.deletedAt().orElseThrow(), last.id())));
        page.link(request).ifPresent(response::header);
        response.header(CacheControl.REVALIDATE).send(page);
    }

    private void restore(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        Task restored = trash.restore(caller.userId(), id, Preconditions.versions(request.headers()));
        response.header(EntityTag.ofVersion(restored.version()).header())
                .header(CacheControl.REVALIDATE)
                .send(TaskView.of(restored));
    }

    private void remove(AccessToken caller, ServerRequest request, ServerResponse response) {
        trash.remove(caller.userId(), PathParameters.uuid(request, "id"));
        response.status(Status.NO_CONTENT_204).send();
    }
}
