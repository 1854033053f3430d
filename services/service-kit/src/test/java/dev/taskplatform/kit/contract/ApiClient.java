// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.contract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.StringJoiner;

/** Speaks HTTP to a service in a test and holds every answer against the service's {@link OpenApiContract}. */
public final class ApiClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final URI base;
    private final OpenApiContract contract;
    private final HttpClient http =
            HttpClient.newBuilder().version(Version.HTTP_1_1).build();

    /** A client of the service on this machine's port. */
    public ApiClient(int port, OpenApiContract contract) {
        this.base = URI.create("http://127.0.0.1:" + port);
        this.contract = contract;
    }

    /** GET of a path with its query. */
    public Request get(String path) {
        return new Request("GET", path);
    }

    /** POST of a JSON text. */
    public Request post(String path, String json) {
        return new Request("POST", path).body("application/json", json);
    }

    /** POST of a form: names and values in turn. */
    public Request postForm(String path, String... fields) {
        StringJoiner form = new StringJoiner("&");
        for (int i = 0; i < fields.length; i += 2) {
            form.add(URLEncoder.encode(fields[i], StandardCharsets.UTF_8)
                    + "="
                    + URLEncoder.encode(fields[i + 1], StandardCharsets.UTF_8));
        }
        return new Request("POST", path).body("application/x-www-form-urlencoded", form.toString());
    }

    /** Any other request. */
    public Request request(String method, String path) {
        return new Request(method, path);
    }

    @Override
    public void close() {
        http.close();
    }

    /** A request in the making. */
    public final class Request {
        private final String method;
        private final String path;
        private final HttpRequest.Builder builder;
        private BodyPublisher publisher = BodyPublishers.noBody();
        private String contentType = "";
        private String body = "";

        private Request(String method, String path) {
            this.method = method;
            this.path = path;
            this.builder = HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT);
        }

        /** Adds a header. */
        public Request header(String name, String value) {
            builder.header(name, value);
            return this;
        }

        /** Presents an access token. */
        public Request bearer(String token) {
            return header("Authorization", "Bearer " + token);
        }

        /** Sets the body. */
        public Request body(String contentType, String text) {
            this.contentType = contentType;
            this.body = text;
            this.publisher = BodyPublishers.ofString(text);
            builder.setHeader("Content-Type", contentType);
            return this;
        }

        /** Sets a body that comes in chunks, without a length. */
        public Request chunked(String contentType, String text) {
            body(contentType, text);
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            this.publisher = BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes));
            return this;
        }

        /** Sends; fails the test if the answer is not one that the document allows. */
        public ApiResponse send() {
            ApiResponse response = sendUndocumented();
            contract.check(method, path, contentType, body, response);
            return response;
        }

        /** Sends what the document does not speak of, such as an unknown route. */
        public ApiResponse sendUndocumented() {
            try {
                HttpResponse<String> response =
                        http.send(builder.method(method, publisher).build(), BodyHandlers.ofString());
                return new ApiResponse(response.statusCode(), response.headers(), response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(method + " " + path, e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
