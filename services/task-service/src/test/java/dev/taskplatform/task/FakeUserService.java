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
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** The user service's side of the wire, on a socket of its own, which can also fail as the real one would not on demand. */
final class FakeUserService implements AutoCloseable {
    static final String ISSUER = "https://users.test";

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

    private record Account(UUID id, String password) {}

    private final Map<String, Account> accounts = new ConcurrentHashMap<>();
    private final AtomicInteger signIns = new AtomicInteger();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final InstantSource clock;
    private final ECKey key = newKey();
    private final ECKey anothersKey = newKey();
    private volatile Mood mood = Mood.WELL;
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

    /** An account; its id. */
    UUID register(String username, String password) {
        UUID id = UUID.randomUUID();
        accounts.put(username, new Account(id, password));
        return id;
    }

    /** An access token of the user service. */
    String token(UUID userId, String username) {
        return token(userId, username, "tasks", key);
    }

    /** An access token that another signed. */
    String forgedToken(UUID userId, String username) {
        return token(userId, username, "tasks", anothersKey);
    }

    /** An access token of the user service with another scope. */
    String token(UUID userId, String username, String scope) {
        return token(userId, username, scope, key);
    }

    private String token(UUID userId, String username, String scope, ECKey key) {
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
            rules.get("/.well-known/jwks.json", this::keys).post("/v1/sessions", this::signIn);
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

        private void session(ServerResponse response, String token) {
            response.status(Status.CREATED_201)
                    .send("{\"access_token\": \"%s\", \"token_type\": \"Bearer\", \"expires_in\": 900}"
                            .formatted(token));
        }
    }
}
