// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.taskplatform.kit.json.Json;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The user service's side of the wire, on a socket of its own, which can also fail as the real one would not on demand. */
final class FakeUserService implements AutoCloseable {
    static final String ISSUER = "https://users.test";

    /** What a service shows to get its own token. */
    static final String ASSERTION = "kubernetes-token";

    /** What a sign-in meets. */
    enum Mood {
        WELL,
        /** Takes the request and never answers. */
        HANGS,
        /** Closes the connection instead of answering. */
        RESETS,
        /** Answers 201 with what is no session. */
        GARBLES,
        /** Answers 201 with the token of another issuer. */
        MISSIGNS,
        /** Answers 403, as for a disabled account. */
        REFUSES,
        /** Answers 429, to come back after a minute. */
        IS_TIRED,
        /** Answers 500. */
        FAILS,
        /** Answers 404, as another program on its address would. */
        IS_NOT_THERE
    }

    /** What a request of another service meets. */
    enum FeedMood {
        WELL,
        /** Takes the request and never answers. */
        HANGS,
        /** Answers 200 with what is no JSON. */
        GARBLES,
        /** Answers 503. */
        FAILS,
        /** Answers 401, as to a client that it does not know or to a token that it would not take. */
        REFUSES
    }

    private record Event(UUID id, String type, Instant occurredAt, UUID userId, UUID sessionId) {
        String json() {
            String session = sessionId == null ? "" : ", \"sessionId\": \"%s\"".formatted(sessionId);
            return "{\"id\": \"%s\", \"type\": \"%s\", \"occurredAt\": \"%s\", \"userId\": \"%s\"%s}"
                    .formatted(id, type, occurredAt, userId, session);
        }
    }

    private record Account(UUID id, String password) {}

    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private final AtomicInteger signIns = new AtomicInteger();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<UUID> acknowledged = new CopyOnWriteArrayList<>();
    private final AtomicInteger feedReads = new AtomicInteger();
    private final AtomicInteger tokenRequests = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final InstantSource clock;
    private final ECKey key = newKey();
    private final ECKey anothersKey = newKey();
    private volatile Mood mood = Mood.WELL;
    private volatile FeedMood tokenMood = FeedMood.WELL;
    private volatile FeedMood feedMood = FeedMood.WELL;
    private volatile FeedMood acknowledgementMood = FeedMood.WELL;
    private volatile FeedMood lookupMood = FeedMood.WELL;
    private final AtomicInteger lookups = new AtomicInteger();
    private volatile boolean repeats;
    private volatile int firstKept;
    private final Set<String> serviceTokens = ConcurrentHashMap.newKeySet();
    private final WebServer server;

    FakeUserService(InstantSource clock) {
        this.clock = clock;
        this.server = WebServer.builder()
                .shutdownHook(false)
                .host("127.0.0.1")
                .port(0)
                .routing(routing -> routing.register(new Routes()))
                .build()
                .start();
    }

    /** Ends, and refuses connections from then on. */
    void stop() {
        server.stop();
    }

    String url() {
        return "http://127.0.0.1:" + server.port();
    }

    void mood(Mood mood) {
        this.mood = mood;
    }

    /** How many sign-ins have come. */
    int signIns() {
        return signIns.get();
    }

    void tokenMood(FeedMood mood) {
        tokenMood = mood;
    }

    void feedMood(FeedMood mood) {
        feedMood = mood;
    }

    void acknowledgementMood(FeedMood mood) {
        acknowledgementMood = mood;
    }

    void lookupMood(FeedMood mood) {
        lookupMood = mood;
    }

    /** How many look-ups were answered. */
    int lookups() {
        return lookups.get();
    }

    /** Lets every page begin with the last event of the one before. */
    void repeatEvents() {
        repeats = true;
    }

    /** Keeps none of the events that there are; cursors before the last are refused. */
    void forgetEvents() {
        firstKept = events.size();
    }

    /** Takes the tokens no more that it gave. */
    void dropServiceToken() {
        serviceTokens.clear();
    }

    /** Appends an event of an account; its id. */
    UUID append(String type, UUID userId) {
        return append(type, userId, null);
    }

    /** Appends an event; its id. */
    UUID append(String type, UUID userId, UUID sessionId) {
        Event event = new Event(UUID.randomUUID(), type, clock.instant(), userId, sessionId);
        events.add(event);
        return event.id();
    }

    /** Deletions in the order in which they were acknowledged, each as often as it was. */
    List<UUID> acknowledged() {
        return acknowledged;
    }

    /** How often events were asked for with a token that is good. */
    int feedReads() {
        return feedReads.get();
    }

    /** How many requests for a token have come. */
    int tokenRequests() {
        return tokenRequests.get();
    }

    /** An account; its id. */
    UUID register(String username, String password) {
        UUID id = UUID.randomUUID();
        accounts.put(username, new Account(id, password));
        return id;
    }

    /** An access token of the user service. */
    String token(UUID userId, String username) {
        return token(userId, username, "tasks", null, key);
    }

    /** An access token that another signed. */
    String forgedToken(UUID userId, String username) {
        return token(userId, username, "tasks", null, anothersKey);
    }

    /** An access token of the user service with another scope. */
    String token(UUID userId, String username, String scope) {
        return token(userId, username, scope, null, key);
    }

    /** An access token of a session. */
    String token(UUID userId, String username, UUID sessionId) {
        return token(userId, username, "tasks", sessionId, key);
    }

    private String token(UUID userId, String username, String scope, UUID sessionId, ECKey key) {
        Instant now = clock.instant();
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(key.getKeyID())
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer(ISSUER)
                        .subject(userId.toString())
                        .audience("taskplatform")
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(Duration.ofMinutes(15))))
                        .jwtID(UUID.randomUUID().toString())
                        .claim("client_id", "test")
                        .claim("scope", scope)
                        .claim("roles", List.of("user"))
                        .claim("username", username)
                        .claim("sid", sessionId == null ? null : sessionId.toString())
                        .build());
        try {
            token.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    private static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        stop();
    }

    private final class Routes implements HttpService {
        private final JsonReader json = new JsonReader(Json.mapper());

        @Override
        public void routing(HttpRules rules) {
            rules.get("/.well-known/jwks.json", this::keys)
                    .post("/v1/sessions", this::signIn)
                    .post("/oauth2/token", this::serviceToken)
                    .get("/internal/v1/events", this::events)
                    .post("/internal/v1/deletions/{id}/acknowledgements", this::acknowledge)
                    .post("/internal/v1/users/lookup", this::lookUp);
        }

        private void keys(ServerRequest request, ServerResponse response) {
            response.send(new JWKSet(key.toPublicJWK()).toString());
        }

        private void signIn(ServerRequest request, ServerResponse response) throws Exception {
            signIns.incrementAndGet();
            JsonFields body = json.fields(request);
            String username = body.required("username", Function.identity());
            String password = body.required("password", Function.identity());
            body.done();
            Account account = accounts.get(username);
            switch (mood) {
                case WELL -> {
                    if (account == null || !account.password().equals(password)) {
                        response.status(Status.UNAUTHORIZED_401).send();
                    } else {
                        session(response, token(account.id(), username));
                    }
                }
                case HANGS -> closing.await();
                case RESETS -> throw new CloseConnectionException("in a bad mood");
                case GARBLES -> response.status(Status.CREATED_201).send("<html>");
                case MISSIGNS -> session(response, forgedToken(account.id(), username));
                case REFUSES -> response.status(Status.FORBIDDEN_403).send();
                case IS_TIRED ->
                    response.status(Status.TOO_MANY_REQUESTS_429)
                            .header(HeaderNames.RETRY_AFTER, "60")
                            .send();
                case FAILS -> response.status(Status.INTERNAL_SERVER_ERROR_500).send();
                case IS_NOT_THERE -> response.status(Status.NOT_FOUND_404).send();
            }
        }

        private void serviceToken(ServerRequest request, ServerResponse response) throws Exception {
            tokenRequests.incrementAndGet();
            String form = request.content().as(String.class);
            if (meets(tokenMood, response)) {
                return;
            }
            if (!form.contains("client_assertion=" + ASSERTION)) {
                response.status(Status.UNAUTHORIZED_401).send("{\"error\": \"invalid_client\"}");
                return;
            }
            String serviceToken = "service-" + UUID.randomUUID();
            serviceTokens.add(serviceToken);
            response.send("{\"access_token\": \"%s\", \"token_type\": \"Bearer\", \"expires_in\": 900}"
                    .formatted(serviceToken));
        }

        private void events(ServerRequest request, ServerResponse response) throws Exception {
            if (meets(feedMood, response) || isStranger(request, response)) {
                return;
            }
            feedReads.incrementAndGet();
            int after = request.query()
                    .first("after")
                    .asOptional()
                    .map(cursor -> Integer.parseInt(cursor.substring(1)))
                    .orElse(firstKept);
            if (after < firstKept) {
                response.status(Status.GONE_410).send();
                return;
            }
            int from = repeats ? Math.max(0, after - 1) : after;
            List<Event> part = events.subList(from, Math.max(from, events.size()));
            response.send("{\"items\": [%s], \"next\": \"c%d\"}"
                    .formatted(part.stream().map(Event::json).collect(Collectors.joining(", ")), from + part.size()));
        }

        private void lookUp(ServerRequest request, ServerResponse response) throws Exception {
            if (meets(lookupMood, response) || isStranger(request, response)) {
                return;
            }
            lookups.incrementAndGet();
            JsonFields body = json.fields(request);
            List<String> ids =
                    body.optionalList("ids", Function.<String>identity()).orElse(List.of());
            List<String> usernames =
                    body.optionalList("usernames", Function.<String>identity()).orElse(List.of());
            body.done();
            response.send(accounts.entrySet().stream()
                    .filter(account -> usernames.contains(account.getKey())
                            || ids.contains(account.getValue().id().toString()))
                    .map(account -> "{\"id\": \"%s\", \"username\": \"%s\", \"displayName\": \"The %s\"}"
                            .formatted(account.getValue().id(), account.getKey(), account.getKey()))
                    .collect(Collectors.joining(", ", "{\"users\": [", "]}")));
        }

        private void acknowledge(ServerRequest request, ServerResponse response) throws Exception {
            if (meets(acknowledgementMood, response) || isStranger(request, response)) {
                return;
            }
            UUID id = UUID.fromString(request.path().pathParameters().get("id"));
            acknowledged.add(id);
            response.status(
                            events.stream().anyMatch(event -> event.id().equals(id))
                                    ? Status.NO_CONTENT_204
                                    : Status.NOT_FOUND_404)
                    .send();
        }

        private boolean isStranger(ServerRequest request, ServerResponse response) {
            if (serviceTokens.stream()
                    .map(token -> HeaderValues.create("Authorization", "Bearer " + token))
                    .anyMatch(request.headers()::contains)) {
                return false;
            }
            response.status(Status.UNAUTHORIZED_401).send();
            return true;
        }

        /** @return whether that was the answer */
        private boolean meets(FeedMood mood, ServerResponse response) throws InterruptedException {
            switch (mood) {
                case WELL -> {
                    return false;
                }
                case HANGS -> closing.await();
                case GARBLES -> response.send("<html>");
                case FAILS -> response.status(Status.SERVICE_UNAVAILABLE_503).send();
                case REFUSES -> response.status(Status.UNAUTHORIZED_401).send("{\"error\": \"invalid_client\"}");
            }
            return true;
        }

        private void session(ServerResponse response, String token) {
            response.status(Status.CREATED_201)
                    .send("{\"access_token\": \"%s\", \"token_type\": \"Bearer\", \"expires_in\": 900}"
                            .formatted(token));
        }
    }
}
