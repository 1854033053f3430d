// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.smoke;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Goes once through what a person does: registers, signs in, makes a task, finds it, and is refused with a wrong
 * password. A line a step; exit status 0 if all went well, else 1 with what was wrong. Run by {@code helm test} and
 * {@code make run} inside the cluster.
 */
public final class SmokeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    /** A service that has just become ready may not be in every node's routes yet. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final URI users;
    private final URI tasks;
    private final PrintStream out;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http;

    /**
     * @param users base URL of the user service
     * @param tasks base URL of the task service
     * @param http speaks to both
     * @param out gets a line a step
     */
    SmokeTest(URI users, URI tasks, HttpClient http, PrintStream out) {
        this.users = users;
        this.tasks = tasks;
        this.http = http;
        this.out = out;
    }

    /** Takes USER_SERVICE_URL and TASK_SERVICE_URL from the environment. */
    public static void main(String[] args) {
        int status;
        try (HttpClient http = HttpClient.newBuilder()
                .version(Version.HTTP_1_1)
                .connectTimeout(TIMEOUT)
                .build()) {
            new SmokeTest(url("USER_SERVICE_URL"), url("TASK_SERVICE_URL"), http, System.out).run();
            status = 0;
        } catch (Failure e) {
            System.out.println("FAILED: " + e.getMessage());
            status = 1;
        } catch (InterruptedException e) {
            System.out.println("FAILED: interrupted");
            status = 1;
        }
        System.exit(status);
    }

    /** All steps. */
    void run() throws Failure, InterruptedException {
        String username = "smoke-" + UUID.randomUUID();
        String password = UUID.randomUUID().toString();
        Map<String, String> credentials = Map.of("username", username, "password", password);

        JsonNode user = expect(201, patiently(post(users, "/v1/users", credentials)));
        step("registered " + username + " with id " + text(user, "id"));

        JsonNode session = expect(201, send(post(users, "/v1/sessions", credentials)));
        String bearer = "Bearer " + text(session, "access_token");
        step("signed in for " + text(session, "expires_in") + " s");

        JsonNode me = expect(200, send(request(users, "/v1/users/me").header("Authorization", bearer)));
        require(text(me, "id").equals(text(user, "id")), "/v1/users/me answered another user: " + me);
        step("is known as " + text(me, "username"));

        JsonNode task = expect(
                201,
                patiently(
                        post(tasks, "/v1/tasks", Map.of("title", "Smoke test")).header("Authorization", bearer)));
        step("created task " + text(task, "id"));

        JsonNode list = expect(200, send(request(tasks, "/v1/tasks").header("Authorization", bearer)));
        boolean listed = list.path("items")
                .valueStream()
                .anyMatch(item -> item.path("id").equals(task.get("id")));
        require(listed, "the new task is not in the list: " + list);
        step("found the task in the list");

        expect(
                204,
                send(request(tasks, "/v1/tasks/" + text(task, "id"))
                        .header("Authorization", bearer)
                        .DELETE()));
        step("deleted the task");

        expect(401, send(post(users, "/v1/sessions", Map.of("username", username, "password", "not " + password))));
        step("was refused with a wrong password");

        expect(401, send(request(tasks, "/v1/tasks")));
        step("was refused without a token");
    }

    private void step(String what) {
        out.println("ok: " + what);
    }

    private HttpRequest.Builder post(URI base, String path, Map<String, String> body) {
        return request(base, path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.valueToTree(body).toString()));
    }

    private static HttpRequest.Builder request(URI base, String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
    }

    /** Tries again while nobody answers, or only to say that it is too early. */
    private Answer patiently(HttpRequest.Builder builder) throws Failure, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                Answer answer = send(builder);
                if (answer.status() != 503 || System.nanoTime() > end) {
                    return answer;
                }
            } catch (Failure e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
            Thread.sleep(BETWEEN_TRIES);
        }
    }

    private Answer send(HttpRequest.Builder builder) throws Failure, InterruptedException {
        HttpRequest request = builder.build();
        String what = request.method() + " " + request.uri();
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            return new Answer(what, response.statusCode(), response.body());
        } catch (IOException e) {
            throw new Failure(what + " got no answer: "
                    + Optional.ofNullable(e.getMessage()).orElse(e.toString()));
        }
    }

    private JsonNode expect(int status, Answer answer) throws Failure {
        require(
                answer.status() == status,
                answer.what() + " answered " + answer.status() + " instead of " + status + ": " + answer.body());
        try {
            return json.readTree(answer.body());
        } catch (JsonProcessingException e) {
            throw new Failure(answer.what() + " answered no JSON: " + answer.body());
        }
    }

    private static String text(JsonNode node, String name) throws Failure {
        require(node.hasNonNull(name), "the answer has no " + name + ": " + node);
        return node.get(name).asText();
    }

    private static void require(boolean condition, String otherwise) throws Failure {
        if (!condition) {
            throw new Failure(otherwise);
        }
    }

    private static URI url(String variable) throws Failure {
        String value = System.getenv(variable);
        require(value != null && !value.isBlank(), "set " + variable + " to the base URL of that service");
        try {
            return URI.create(value);
        } catch (IllegalArgumentException e) {
            throw new Failure(variable + " is no URL: " + value);
        }
    }

    private record Answer(String what, int status, String body) {}

    /** What was wrong, for the person who runs it. */
    static final class Failure extends Exception {
        Failure(String message) {
            super(message);
        }
    }
}
