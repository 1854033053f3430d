// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e.support;

import com.fasterxml.jackson.core.type.TypeReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Speaks to the services through a port forward to one of their Ready pods. A forward lives for one request, so that pods
 * may come and go between two of them.
 */
public final class PlatformClient {

    public static final String USER_SERVICE = "user-service";
    public static final String TASK_SERVICE = "task-service";

    private static final int HTTP_PORT = 8080;

    private final KubernetesClient client;
    private final String namespace;
    private final Platform platform;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();

    PlatformClient(KubernetesClient client, String namespace, Platform platform) {
        this.client = client;
        this.namespace = namespace;
        this.platform = platform;
    }

    /** What a service answered. */
    public record Answer(int status, String body) {
        public Map<String, Object> json() {
            return Documents.read(body, new TypeReference<>() {});
        }

        public List<Map<String, Object>> list() {
            return Documents.read(body, new TypeReference<>() {});
        }
    }

    public Answer register(String username, String password) {
        return post(USER_SERVICE, "/v1/users", null, Map.of("username", username, "password", password));
    }

    public Answer signIn(String username, String password) {
        return post(USER_SERVICE, "/v1/sessions", null, Map.of("username", username, "password", password));
    }

    /** The access token of a fresh session. */
    public String token(String username, String password) {
        Answer answer = signIn(username, password);
        if (answer.status() != 201) {
            throw new AssertionError("sign-in of " + username + " answered " + answer);
        }
        return (String) answer.json().get("access_token");
    }

    public Answer createTask(String token, String title) {
        return post(TASK_SERVICE, "/v1/tasks", token, Map.of("title", title));
    }

    public Answer listTasks(String token) {
        return get(TASK_SERVICE, "/v1/tasks", token);
    }

    public Answer get(String service, String path, String token) {
        return get(platform.readyPods(service).getFirst(), path, token);
    }

    public Answer get(Pod pod, String path, String token) {
        return send(pod, "GET", path, token, null, null);
    }

    public Answer post(String service, String path, String token, Map<String, Object> body) {
        return post(platform.readyPods(service).getFirst(), path, token, body);
    }

    public Answer post(Pod pod, String path, String token, Map<String, Object> body) {
        return send(pod, "POST", path, token, "application/json", Serialization.asJson(body));
    }

    public Answer delete(Pod pod, String path, String token) {
        return send(pod, "DELETE", path, token, null, null);
    }

    /** Asks the token endpoint (RFC 6749) of one pod of the user service. */
    public Answer askForTokens(Pod pod, Map<String, String> form) {
        String body = form.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(pod, "POST", "/oauth2/token", null, "application/x-www-form-urlencoded", body);
    }

    private Answer send(Pod pod, String method, String path, String token, String contentType, String body) {
        try (LocalPortForward forward = client.pods()
                .inNamespace(namespace)
                .withName(pod.getMetadata().getName())
                .portForward(HTTP_PORT)) {
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + forward.getLocalPort() + path))
                    .timeout(Duration.ofSeconds(20))
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body));
            if (body != null) {
                request.header("Content-Type", contentType);
            }
            if (token != null) {
                request.header("Authorization", "Bearer " + token);
            }
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
