// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.auth.AuthenticatedHandler;
import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.http.RequestBody;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Lets clients repeat a create, when they do not know what became of it, by the header {@code Idempotency-Key}:
 * what the handler writes and what it answers are kept in one transaction, and a repetition gets the same answer.
 *
 * <p>A key belongs to a caller, method and path. Its answer is kept if it is a success; a request that failed has made
 * nothing, and frees its key. An attempt that neither succeeds nor fails, because its process ended, holds the key for
 * {@link #CLAIM}; what it wrote is undone. While an attempt is at work, others get 409; another body gets 422.
 */
public final class Idempotency {
    /** Longer than any request takes. One that takes longer all the same is undone if another has taken over. */
    static final Duration CLAIM = Duration.ofMinutes(1);

    /** Says that an answer is that of an earlier request. */
    private static final Header REPLAYED = HeaderValues.create("Idempotency-Replayed", "true");

    private static final Header SOON = HeaderValues.create(HeaderNames.RETRY_AFTER, 1);

    private static final ProblemType IN_FLIGHT = new ProblemType(
            "idempotency-key-in-flight", Status.CONFLICT_409, "A request with this idempotency key is under way");
    private static final ProblemType REUSED = new ProblemType(
            "idempotency-key-reused",
            Status.UNPROCESSABLE_CONTENT_422,
            "The idempotency key belongs to another request");

    private final Database database;
    private final IdempotencyRepository repository;
    private final IdempotencySettings settings;
    private final byte[] secret;
    private final ObjectMapper mapper;
    private final RandomGenerator random;
    private final Clock clock;

    /**
     * @param database with the table {@code idempotency_key}
     * @param secret known to all replicas and not in the database, so that who reads the database gets neither requests
     *     nor answers out of it, however easy the clients' keys are to guess; may be empty where neither holds secrets
     * @param mapper writes the answers
     * @param random a cryptographic one
     */
    public Idempotency(
            Database database,
            IdempotencySettings settings,
            byte[] secret,
            ObjectMapper mapper,
            RandomGenerator random,
            Clock clock) {
        this.database = database;
        this.repository = new IdempotencyRepository(database);
        this.settings = settings;
        this.secret = secret.clone();
        this.mapper = mapper;
        this.random = random;
        this.clock = clock;
    }

    /**
     * A handler that does its work once for all requests of a key.
     *
     * @param caller names who asks, where nobody is signed in
     */
    public Handler on(Function<ServerRequest, String> caller, Handler handler) {
        return (request, response) -> handle("anonymous " + caller.apply(request), request, response, handler);
    }

    /** As {@link #on(Function, Handler)}, of a caller who is known. */
    public AuthenticatedHandler on(AuthenticatedHandler handler) {
        return (caller, request, response) -> handle(
                caller.isPersons() ? "person " + caller.userId() : "client " + caller.clientId(),
                request,
                response,
                (sameRequest, recorded) -> handler.handle(caller, sameRequest, recorded));
    }

    /** Removes what is kept no longer. */
    public void purge() {
        repository.purge(clock.instant());
    }

    private void handle(String caller, ServerRequest request, ServerResponse response, Handler handler)
            throws Exception {
        IdempotencyKey key = IdempotencyKey.of(request.headers()).orElse(null);
        if (key == null) {
            handler.handle(request, response);
            return;
        }
        KeySecrets secrets = new KeySecrets(key, scope(caller, request), secret);
        Instant now = clock.instant();
        Attempt attempt = repository.claim(
                secrets.id(), secrets.fingerprint(RequestBody.of(request)), newClaim(), now, now.plus(CLAIM));
        switch (attempt) {
            case Attempt.First(UUID claim) -> send(first(secrets, claim, request, handler), response);
            case Attempt.Repeated(byte[] sealed) -> {
                response.header(REPLAYED);
                send(mapper.readValue(secrets.open(sealed), Answer.class), response);
            }
            case Attempt.InFlight() -> throw inFlight();
            case Attempt.OtherRequest() ->
                throw new ProblemException(
                        REUSED,
                        "This Idempotency-Key came with another body before. Take a new key for each new request.");
        }
    }

    private static String scope(String caller, ServerRequest request) {
        return "%s %s %s"
                .formatted(
                        request.prologue().method().text(),
                        request.prologue().uriPath().rawPath(),
                        caller);
    }

    private Answer first(KeySecrets secrets, UUID claim, ServerRequest request, Handler handler) throws Exception {
        Answer answer;
        try {
            answer = database.<Outcome, Exception>together(() -> attempt(secrets, claim, request, handler))
                    .answer();
        } catch (Exception e) {
            release(secrets, claim, e);
            throw e;
        }
        if (!answer.isSuccess()) {
            repository.release(secrets.id(), claim);
        }
        return answer;
    }

    private Outcome attempt(KeySecrets secrets, UUID claim, ServerRequest request, Handler handler) throws Exception {
        RecordedResponse recorded = new RecordedResponse(mapper);
        try {
            handler.handle(request, recorded);
        } catch (ProblemException e) {
            if (e.type().status().code() >= 500) {
                throw e;
            }
            // Returned: what was written beside the refusal, such as a count of failures, must not be undone.
            return new Outcome(null, e);
        }
        Answer answer = recorded.answer();
        if (answer.isSuccess() && !repository.complete(secrets.id(), claim, seal(secrets, answer), end())) {
            throw inFlight();
        }
        return new Outcome(answer, null);
    }

    private void release(KeySecrets secrets, UUID claim, Exception cause) {
        try {
            repository.release(secrets.id(), claim);
        } catch (RuntimeException e) {
            // The claim expires.
            cause.addSuppressed(e);
        }
    }

    private byte[] seal(KeySecrets secrets, Answer answer) throws JsonProcessingException {
        byte[] nonce = new byte[KeySecrets.NONCE_BYTES];
        random.nextBytes(nonce);
        return secrets.seal(mapper.writeValueAsBytes(answer), nonce);
    }

    private Instant end() {
        return clock.instant().plus(settings.retention());
    }

    private UUID newClaim() {
        return new UUID(random.nextLong(), random.nextLong());
    }

    private static void send(Answer answer, ServerResponse response) {
        response.status(Status.create(answer.status()));
        answer.headers()
                .forEach((name, values) -> response.header(HeaderValues.create(HeaderNames.create(name), values)));
        response.send(answer.body());
    }

    private static ProblemException inFlight() {
        return new ProblemException(
                        IN_FLIGHT, "Another request with this Idempotency-Key is at work. Repeat yours in a moment.")
                .with(SOON);
    }

    /** An answer, or the refusal that the handler threw. */
    private record Outcome(Answer made, ProblemException refusal) {
        Answer answer() {
            if (refusal != null) {
                throw refusal;
            }
            return made;
        }
    }
}
