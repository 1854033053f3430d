// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.compatibility;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.problem.DetailFormat;
import dev.taskplatform.kit.problem.ErrorFormat;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemFormat;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.account.Accounts;
import dev.taskplatform.task.find.TaskFinder;
import dev.taskplatform.task.task.Creation;
import dev.taskplatform.task.task.TaskFields;
import dev.taskplatform.task.task.TaskText;
import dev.taskplatform.task.task.Tasks;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code POST /tasks} and {@code GET /tasks/{username}} with the password in the query, thin over the same tasks as
 * {@code /v1}. As FastAPI would, ignores unknown fields and whatever the body's media type is called, and answers errors
 * as {@code {"detail": ...}}.
 */
public final class SimpleApi implements HttpService {
    private static final String PATH = "/tasks";

    private static final ProblemType AUTHENTICATION_FAILED =
            new ProblemType("authentication-failed", Status.UNAUTHORIZED_401, "Authentication failed");

    private final Accounts accounts;
    private final Tasks tasks;
    private final TaskFinder finder;
    private final JsonReader json;
    private final ObjectMapper mapper;

    /** Collaborators. */
    public SimpleApi(Accounts accounts, Tasks tasks, TaskFinder finder, JsonReader json, ObjectMapper mapper) {
        this.accounts = accounts;
        this.tasks = tasks;
        this.finder = finder;
        this.json = json;
        this.mapper = mapper;
    }

    /** The format of errors: this API's on its routes, problem documents on all others. */
    public static ErrorFormat errorFormat(String path) {
        return path.equals(PATH) || path.startsWith(PATH + "/") ? new DetailFormat() : new ProblemFormat();
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post(PATH, this::create).get(PATH + "/{username}", this::list);
    }

    private void create(ServerRequest request, ServerResponse response) {
        String password = password(request);
        JsonFields body = json.fieldsOfAnyType(request);
        String title = body.required("title", TaskText::title);
        String description = body.required("description", TaskText::description);
        String username = body.required("username", Function.identity());
        body.doneIgnoringUnknown();
        AccessToken user = authenticate(username, password);
        tasks.create(
                user.userId(),
                new Creation(
                        Optional.empty(), Optional.empty(), TaskFields.of(title).describedAs(description)));
        response.send(Map.of("message", "Task created"));
    }

    private void list(ServerRequest request, ServerResponse response) throws IOException {
        AccessToken user = authenticate(request.path().pathParameters().get("username"), password(request));
        response.headers().contentType(MediaTypes.APPLICATION_JSON);
        try (JsonGenerator out = mapper.createGenerator(response.outputStream())) {
            out.writeStartArray();
            // All of them, as this API has no pages, but never all at a time in memory.
            finder.forEach(
                    user.userId(), Optional.empty(), task -> write(View.of(task.fields(), user.username()), out));
            out.writeEndArray();
        }
    }

    private static void write(View view, JsonGenerator out) {
        try {
            out.writePOJO(view);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String password(ServerRequest request) {
        QueryParameters query = new QueryParameters(request.query());
        String password = query.required("password", Function.identity());
        query.doneIgnoringUnknown();
        return password;
    }

    private AccessToken authenticate(String username, String password) {
        return accounts.authenticate(username, password)
                .orElseThrow(() -> new ProblemException(AUTHENTICATION_FAILED, "Authentication failed")
                        .with(HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"taskplatform\"")));
    }

    private record View(String title, String description, String username) {
        static View of(TaskFields fields, String username) {
            return new View(fields.title(), fields.description().orElse(""), username);
        }
    }
}
