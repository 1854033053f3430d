// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.outbound.PeerClient;
import dev.taskplatform.kit.outbound.PeerRequest;
import dev.taskplatform.kit.outbound.PeerResponse;
import dev.taskplatform.kit.outbound.ServiceToken;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The user service's {@code /internal/v1/events}, and where deletions are acknowledged. Every method throws
 * {@link dev.taskplatform.kit.outbound.PeerUnavailableException} when the user service does not answer,
 * {@link dev.taskplatform.kit.outbound.ServiceTokenException} when it gives this service no token, and
 * {@link FeedException} when it answers otherwise than it should.
 */
public final class UserFeed {
    /** Their JSON stays well below what {@link PeerClient} takes of an answer. */
    private static final int LIMIT = 100;

    private final PeerClient userService;
    private final ServiceToken token;
    private final ObjectMapper mapper;

    /** @param token has the scope {@code events} */
    public UserFeed(PeerClient userService, ServiceToken token, ObjectMapper mapper) {
        this.userService = userService;
        this.token = token;
        this.mapper = mapper;
    }

    /**
     * The next events.
     *
     * @param after cursor of the page before; empty for the first event that is kept
     * @param wait for an event if there is none; whole seconds
     * @throws CursorRefusedException when the feed does not go on from this cursor
     */
    public EventPage read(Optional<String> after, Duration wait) throws CursorRefusedException {
        String path = "/internal/v1/events?limit=" + LIMIT + "&wait=" + wait.toSeconds()
                + after.map(cursor -> "&after=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8))
                        .orElse("");
        PeerResponse answer = token.send(userService, PeerRequest.get(path).waiting(wait));
        return switch (answer.status()) {
            case 200 -> page(answer.body());
            // 400: a cursor that was signed with another key.
            case 400, 410 -> {
                if (after.isEmpty()) {
                    throw refused("the events", answer);
                }
                throw new CursorRefusedException(answer.status());
            }
            default -> throw refused("the events", answer);
        };
    }

    /**
     * Tells that nothing is left of what this service had of an account.
     *
     * @return false if the user service knows of no such deletion
     */
    public boolean acknowledge(UUID deletion) {
        String path = "/internal/v1/deletions/" + deletion + "/acknowledgements";
        PeerResponse answer = token.send(userService, PeerRequest.post(path));
        return switch (answer.status()) {
            case 204 -> true;
            case 404 -> false;
            default -> throw refused("the acknowledgement of a deletion", answer);
        };
    }

    private EventPage page(byte[] body) {
        try {
            JsonNode page = mapper.readTree(body);
            String next = page.path("next").asText();
            if (next.isEmpty() || !page.path("items").isArray()) {
                throw new FeedException("The user service answered with what is no page of events", null);
            }
            List<UserEvent> events = new ArrayList<>();
            for (JsonNode item : page.path("items")) {
                events.add(event(item));
            }
            return new EventPage(events, next);
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            throw new FeedException("The user service answered with what is no page of events", e);
        }
    }

    private static UserEvent event(JsonNode item) {
        JsonNode session = item.path("sessionId");
        return new UserEvent(
                UUID.fromString(item.path("id").asText()),
                item.path("type").asText(),
                Instant.parse(item.path("occurredAt").asText()),
                UUID.fromString(item.path("userId").asText()),
                session.isTextual() ? UUID.fromString(session.textValue()) : null);
    }

    private static FeedException refused(String what, PeerResponse answer) {
        return new FeedException("The user service answered %s with status %d".formatted(what, answer.status()), null);
    }
}
