// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;

/**
 * The service's own access token, of the client credentials grant (RFC 6749, section 4.4): gotten when it is first needed,
 * and again shortly before it expires. However many need it at once, one asks.
 */
public final class ServiceToken {
    private static final String PATH = "/oauth2/token";
    private static final Duration MAX_MARGIN = Duration.ofMinutes(1);
    private static final int MARGINS_IN_LIFE = 5;
    /** Codes of errors (RFC 6749, section 5.2); nothing else of an answer is repeated in a message. */
    private static final Pattern ERROR = Pattern.compile("[a-z_]{1,40}");
    /** What goes into an Authorization header (RFC 6750, section 2.1). */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final PeerClient issuer;
    private final ServiceCredentials credentials;
    private final String scope;
    private final ObjectMapper mapper;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private Granted granted;
    private CompletableFuture<Granted> flight;

    /**
     * @param issuer the peer that has {@code POST /oauth2/token}
     * @param scope to ask for, words parted by spaces
     */
    public ServiceToken(
            PeerClient issuer, ServiceCredentials credentials, String scope, ObjectMapper mapper, Clock clock) {
        this.issuer = issuer;
        this.credentials = credentials;
        this.scope = scope;
        this.mapper = mapper;
        this.clock = clock;
    }

    /**
     * Sends a request with the token, and once more with another when the peer does not take it: the issuer may have been
     * set up anew.
     *
     * @return the answer; 401 when the other was not taken either
     * @throws PeerUnavailableException when the peer or the issuer does not answer, or the issuer not as it should
     * @throws ServiceTokenException when the issuer refuses, or there are no credentials to show
     */
    public PeerResponse send(PeerClient peer, PeerRequest request) {
        String token = get();
        PeerResponse answer = peer.send(request.with("Authorization", "Bearer " + token));
        if (answer.status() != 401) {
            return answer;
        }
        forget(token);
        return peer.send(request.with("Authorization", "Bearer " + get()));
    }

    /** The token as it is now. */
    String get() {
        CompletableFuture<Granted> answer;
        boolean mine = false;
        lock.lock();
        try {
            if (granted != null && clock.instant().isBefore(granted.renewAt())) {
                return granted.token();
            }
            if (flight == null) {
                flight = new CompletableFuture<>();
                mine = true;
            }
            answer = flight;
        } finally {
            lock.unlock();
        }
        if (mine) {
            fly(answer);
        }
        try {
            return answer.join().token();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Gets another token next time: the peer would not take this one. */
    void forget(String token) {
        lock.lock();
        try {
            if (granted != null && granted.token().equals(token)) {
                granted = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void fly(CompletableFuture<Granted> answer) {
        Granted result = null;
        RuntimeException failure = null;
        try {
            result = request();
        } catch (RuntimeException e) {
            failure = e;
        }
        lock.lock();
        try {
            granted = result;
            flight = null;
        } finally {
            lock.unlock();
        }
        if (failure == null) {
            answer.complete(result);
        } else {
            answer.completeExceptionally(failure);
        }
    }

    private Granted request() {
        Instant now = clock.instant();
        Map<String, String> grant = Map.of("grant_type", "client_credentials", "scope", scope);
        // One token too many does no harm: it expires.
        PeerResponse answer = issuer.send(credentials.request(PATH, grant).repeating());
        if (answer.status() != 200) {
            throw new ServiceTokenException(
                    "No access token for this service: %s answered with status %d%s"
                            .formatted(PATH, answer.status(), error(answer.body())),
                    null);
        }
        try {
            JsonNode body = mapper.readTree(answer.body());
            String token = body.path("access_token").asText();
            long seconds = body.path("expires_in").asLong();
            if (!TOKEN.matcher(token).matches() || seconds <= 0) {
                throw issuer.unavailable("answered " + PATH + " without a token", null);
            }
            return new Granted(token, now.plus(untilRenewal(Duration.ofSeconds(seconds))));
        } catch (IOException e) {
            // Without the cause, whose message may have the token in it.
            throw issuer.unavailable("answered " + PATH + " with what is no JSON", null);
        }
    }

    private static Duration untilRenewal(Duration life) {
        Duration margin = life.dividedBy(MARGINS_IN_LIFE);
        return life.minus(margin.compareTo(MAX_MARGIN) < 0 ? margin : MAX_MARGIN);
    }

    private String error(byte[] body) {
        try {
            String code = mapper.readTree(body).path("error").asText();
            return ERROR.matcher(code).matches() ? ", " + code : "";
        } catch (IOException e) {
            return "";
        }
    }

    private record Granted(String token, Instant renewAt) {
        /** Leaves the token out. */
        @Override
        public String toString() {
            return "Granted[" + renewAt + "]";
        }
    }
}
