// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.account;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.AccessTokenVerifier;
import dev.taskplatform.kit.auth.InvalidTokenException;
import dev.taskplatform.kit.outbound.PeerClient;
import dev.taskplatform.kit.outbound.PeerResponse;
import dev.taskplatform.kit.outbound.PeerUnavailableException;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The accounts that the user service keeps. */
public final class Accounts {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final PeerClient userService;
    private final AccessTokenVerifier verifier;
    private final ObjectMapper mapper;

    /**
     * @param userService the peer that has {@code POST /v1/sessions}
     * @param verifier checks the token that it answers with, as it would a client's
     */
    public Accounts(PeerClient userService, AccessTokenVerifier verifier, ObjectMapper mapper) {
        this.userService = userService;
        this.verifier = verifier;
        this.mapper = mapper;
    }

    /**
     * Who has this name and password.
     *
     * @return empty when nobody has
     * @throws ProblemException 429 when there were too many wrong passwords, 503 when the user service can't tell
     */
    public Optional<AccessToken> authenticate(String username, String password) {
        PeerResponse answer;
        try {
            answer = userService.post("/v1/sessions", json(Map.of("username", username, "password", password)));
        } catch (PeerUnavailableException e) {
            throw unavailable(e.retryAfter(), e);
        }
        return switch (answer.status()) {
            case 201 -> Optional.of(verified(answer.body()));
            // 400: a name or password that no account can have. 403: the account is disabled.
            case 400, 401, 403 -> Optional.empty();
            case 429 -> throw tooManyAttempts(answer.retryAfter().orElse(RETRY_AFTER));
            default ->
                throw unavailable(
                        RETRY_AFTER, new IOException("The user service answered a sign-in with " + answer.status()));
        };
    }

    private AccessToken verified(byte[] session) {
        try {
            JsonNode token = mapper.readTree(session).path("access_token");
            if (!token.isTextual()) {
                throw new IOException("The user service answered a sign-in without an access_token");
            }
            return verifier.verify(token.textValue());
        } catch (IOException | InvalidTokenException e) {
            throw unavailable(RETRY_AFTER, e);
        }
    }

    private byte[] json(Map<String, String> members) {
        try {
            return mapper.writeValueAsBytes(members);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Strings are always JSON", e);
        }
    }

    private static ProblemException tooManyAttempts(Duration retryAfter) {
        return new ProblemException(
                        ProblemType.TOO_MANY_ATTEMPTS,
                        "There were too many failed attempts to sign in. Wait as long as Retry-After says.")
                .withRetryAfter(retryAfter);
    }

    private static ProblemException unavailable(Duration retryAfter, Exception cause) {
        return ProblemException.unavailable(
                "The password cannot be checked right now, as the user service does not answer. Try again later.",
                retryAfter,
                cause);
    }
}
