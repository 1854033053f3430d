// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.graph;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.id.UuidText;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskView;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/tasks/{id}/move}: to another place or list, or to be a part of another task. */
public final class MovesResource implements HttpService {
    private static final String SCOPE = "tasks";

    private final Moves moves;
    private final BearerAuthentication bearer;
    private final JsonReader json;

    /** Collaborators. */
    public MovesResource(Moves moves, BearerAuthentication bearer, JsonReader json) {
        this.moves = moves;
        this.bearer = bearer;
        this.json = json;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", bearer.user(SCOPE, this::move));
    }

    private void move(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        var versions = Preconditions.versions(request.headers());
        Task moved = moves.move(caller.userId(), id, move(json.fields(request)), versions);
        response.header(EntityTag.ofVersion(moved.version()).header())
                .header(CacheControl.REVALIDATE)
                .send(TaskView.of(moved));
    }

    private static Move move(JsonFields body) {
        Optional<UUID> list = body.optional("listId", UuidText::of);
        boolean toTheTop = body.takeNull("parentId");
        Optional<UUID> parent = toTheTop ? Optional.empty() : body.optional("parentId", UuidText::of);
        Optional<UUID> after = body.optional("after", UuidText::of);
        Optional<UUID> before = body.optional("before", UuidText::of);
        body.done();
        if (after.isPresent() && before.isPresent()) {
            throw ProblemException.invalidField(
                    FieldError.value("before", "Say after which task or before which, not both."));
        }
        return new Move(list, toTheTop || parent.isPresent(), parent, after.or(() -> before), before.isPresent());
    }
}
