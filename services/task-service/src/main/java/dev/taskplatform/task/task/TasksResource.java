// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.http.EntityTags;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.idempotency.Idempotency;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** {@code /v1/tasks}: the tasks that the caller can see; others answer as if they did not exist. */
public final class TasksResource implements HttpService {
    private static final String SCOPE = "tasks";

    private final Tasks tasks;
    private final TaskJson taskJson;
    private final BearerAuthentication bearer;
    private final Idempotency idempotency;
    private final JsonReader json;

    /** Collaborators. */
    public TasksResource(
            Tasks tasks, TaskJson taskJson, BearerAuthentication bearer, Idempotency idempotency, JsonReader json) {
        this.tasks = tasks;
        this.taskJson = taskJson;
        this.bearer = bearer;
        this.idempotency = idempotency;
        this.json = json;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", bearer.user(SCOPE, idempotency.on(this::create)))
                .get("/{id}", bearer.user(SCOPE, this::get))
                .patch("/{id}", bearer.user(SCOPE, this::change));
    }

    private void create(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        Creation creation = taskJson.creation(body);
        body.done();
        Tasks.Created made = tasks.create(caller.userId(), creation);
        response.status(made.isNew() ? Status.CREATED_201 : Status.OK_200)
                .header(HeaderNames.LOCATION, "/v1/tasks/" + made.task().id());
        send(made.task(), response);
    }

    private void get(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        Optional<EntityTags> known = EntityTags.ifNoneMatch(request.headers());
        Task task = tasks.get(caller.userId(), id);
        if (!Preconditions.answerNotModified(
                known, EntityTag.ofVersion(task.version()), CacheControl.REVALIDATE, response)) {
            send(task, response);
        }
    }

    private void change(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        Optional<Set<Long>> versions = Preconditions.versions(request.headers());
        ObjectNode patch = json.mergePatch(request);
        send(tasks.change(caller.userId(), id, versions, fields -> taskJson.patched(fields, patch)), response);
    }

    private static void send(Task task, ServerResponse response) {
        response.header(EntityTag.ofVersion(task.version()).header())
                .header(CacheControl.REVALIDATE)
                .send(TaskView.of(task));
    }
}
