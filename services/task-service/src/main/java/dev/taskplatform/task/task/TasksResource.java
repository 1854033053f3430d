// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.http.EntityTags;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.idempotency.Idempotency;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** {@code /v1/tasks}: the caller's own tasks; another's answer as if they did not exist. */
public final class TasksResource implements HttpService {
    private static final String SCOPE = "tasks";
    private static final MediaType MERGE_PATCH = MediaTypes.create("application/merge-patch+json");
    private static final Header REVALIDATE = HeaderValues.create(HeaderNames.CACHE_CONTROL, "private, no-cache");
    private static final int DEFAULT_LIMIT = 20;
    private static final int MAX_LIMIT = 100;

    private final Tasks tasks;
    private final TaskCursors cursors;
    private final BearerAuthentication bearer;
    private final Idempotency idempotency;
    private final JsonReader json;

    /** Collaborators. */
    public TasksResource(
            Tasks tasks, TaskCursors cursors, BearerAuthentication bearer, Idempotency idempotency, JsonReader json) {
        this.tasks = tasks;
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
        JsonFields body = json.fields(request);
        String title = body.required("title", TaskText::title);
        Optional<String> description = body.optional("description", TaskText::description);
        Optional<TaskStatus> status = body.optional("status", TaskStatus::of);
        body.done();
        Task task = tasks.create(caller.userId(), title, description, status.orElse(TaskStatus.TODO));
        response.status(Status.CREATED_201).header(HeaderNames.LOCATION, "/v1/tasks/" + task.id());
        send(task, response);
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        Optional<TaskStatus> status = query.optional("status", TaskStatus::of);
        int limit =
                query.optional("limit", text -> PageLimit.of(text, MAX_LIMIT)).orElse(DEFAULT_LIMIT);
        Optional<UUID> after = query.optional("cursor", text -> cursors.last(text, caller.userId(), status));
        query.done();
        // One more than asked for tells whether there is a next page.
        Page<View> page = Page.of(
                tasks.list(caller.userId(), status, after, limit + 1),
                limit,
                View::of,
                last -> cursors.after(last, status));
        page.link(request).ifPresent(response::header);
        response.header(REVALIDATE).send(page);
    }

    private void get(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        Optional<EntityTags> known = EntityTags.ifNoneMatch(request.headers());
        Task task = tasks.find(caller.userId(), id).orElseThrow(TasksResource::notFound);
        if (!Preconditions.answerNotModified(known, EntityTag.ofVersion(task.version()), REVALIDATE, response)) {
            send(task, response);
        }
    }

    private void change(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        Optional<Set<Long>> versions = Preconditions.versions(request.headers());
        TaskPatch patch = patch(new JsonFields(json.object(request, MERGE_PATCH)));
        try {
            send(tasks.change(caller.userId(), id, patch, versions).orElseThrow(TasksResource::notFound), response);
        } catch (VersionMismatchException e) {
            throw Preconditions.failed();
        }
    }

    private void remove(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        try {
            if (!tasks.remove(caller.userId(), id, Preconditions.versions(request.headers()))) {
                throw notFound();
            }
        } catch (VersionMismatchException e) {
            throw Preconditions.failed();
        }
        response.status(Status.NO_CONTENT_204).send();
    }

    /** RFC 7396: a field that is null goes, one that is left out stays. */
    private static TaskPatch patch(JsonFields body) {
        Optional<String> title = body.optional("title", TaskText::title);
        boolean removesDescription = body.takeNull("description");
        Optional<String> description =
                removesDescription ? Optional.empty() : body.optional("description", TaskText::description);
        Optional<TaskStatus> status = body.optional("status", TaskStatus::of);
        body.done();
        return new TaskPatch(title, description, removesDescription, status);
    }

    private static void send(Task task, ServerResponse response) {
        response.header(EntityTag.ofVersion(task.version()).header())
                .header(REVALIDATE)
                .send(View.of(task));
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such task that you may see.");
    }

    /**
     * How a task looks from outside.
     *
     * @param description null, and so not in JSON, when there is none
     */
    private record View(
            UUID id, String title, String description, TaskStatus status, Instant createdAt, Instant updatedAt) {
        static View of(Task task) {
            return new View(
                    task.id(),
                    task.title(),
                    task.description().orElse(null),
                    task.status(),
                    task.createdAt(),
                    task.updatedAt());
        }
    }
}
