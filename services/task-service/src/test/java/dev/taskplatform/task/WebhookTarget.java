// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.taskplatform.kit.json.Json;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A program that webhooks call, which can also fail. */
final class WebhookTarget implements AutoCloseable {
    enum Mood {
        WELL,
        FAILS,
        RESETS,
        /** Takes the request and never answers. */
        HANGS,
        /** Answers 302, to another of its paths. */
        REDIRECTS,
        /** Begins a head that does not end. */
        TRICKLES,
        /** Answers 410. */
        IS_GONE
    }

    /** A request, with the names of its headers in small letters. */
    record Call(Map<String, String> headers, String body) {
        String header(String name) {
            return headers.get(name);
        }

        JsonNode json() {
            try {
                return Json.mapper().readTree(body);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }

        /** As Standard Webhooks says, written down here once more. */
        boolean isSignedBy(String secret) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(
                        Base64.getDecoder().decode(secret.substring("whsec_".length())), "HmacSHA256"));
                String signed = header("webhook-id") + "." + header("webhook-timestamp") + "." + body;
                String expected = "v1,"
                        + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
                return Arrays.asList(header("webhook-signature").split(" ")).contains(expected);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final AtomicInteger followed = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Mood mood = Mood.WELL;
    private final WebServer server;

    WebhookTarget() {
        server = WebServer.builder()
                .shutdownHook(false)
                .host("127.0.0.1")
                .port(0)
                .routing(routing -> routing.post("/hook", this::take).any("/elsewhere", (request, response) -> {
                    followed.incrementAndGet();
                    response.send();
                }))
                .build()
                .start();
    }

    int port() {
        return server.port();
    }

    String url() {
        return "http://127.0.0.1:" + port() + "/hook";
    }

    void mood(Mood mood) {
        this.mood = mood;
    }

    List<Call> calls() {
        return calls;
    }

    /** The types of the events, in the order in which they came. */
    List<String> types() {
        return calls.stream().map(call -> call.json().get("type").asText()).toList();
    }

    void forget() {
        calls.clear();
    }

    /** How often a redirect was followed. */
    int followed() {
        return followed.get();
    }

    private void take(ServerRequest request, ServerResponse response) throws Exception {
        Map<String, String> headers = new TreeMap<>();
        request.headers().forEach(header -> headers.put(header.name().toLowerCase(Locale.ROOT), header.get()));
        calls.add(new Call(headers, request.content().as(String.class)));
        switch (mood) {
            case WELL -> response.status(Status.NO_CONTENT_204).send();
            case FAILS -> response.status(Status.INTERNAL_SERVER_ERROR_500).send("no");
            case RESETS -> throw new CloseConnectionException("in a bad mood");
            case HANGS -> closing.await();
            case REDIRECTS ->
                response.status(Status.FOUND_302)
                        .header(HeaderNames.LOCATION, "http://127.0.0.1:" + port() + "/elsewhere")
                        .send();
            case TRICKLES -> {
                closing.await(2, TimeUnit.SECONDS);
                try (OutputStream out = response.outputStream()) {
                    out.write(' ');
                }
            }
            case IS_GONE -> response.status(Status.GONE_410).send();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop();
    }
}
