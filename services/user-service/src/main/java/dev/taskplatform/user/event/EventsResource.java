// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.event;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /internal/v1/events}: for services with the scope {@code events}. */
public final class EventsResource implements HttpService {
    private static final String SCOPE = "events";
    private static final String LIST = "events";
    private static final int MAX_WAIT_SECONDS = 30;

    private static final ProblemType CURSOR_EXPIRED =
            new ProblemType("cursor-expired", Status.GONE_410, "Events are missing after this cursor");

    private final EventFeed feed;
    private final CursorCodec cursors;
    private final BearerAuthentication bearer;

    /** Collaborators. */
    public EventsResource(EventFeed feed, CursorCodec cursors, BearerAuthentication bearer) {
        this.feed = feed;
        this.cursors = cursors;
        this.bearer = bearer;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", bearer.service(SCOPE, this::read));
    }

    private void read(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        Optional<Long> after = query.optional("after", this::position);
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        Duration wait = query.optional("wait", EventsResource::seconds).orElse(Duration.ZERO);
        query.done();
        try {
            EventFeed.Part part = feed.read(after, limit, wait);
            response.header(CacheControl.NO_STORE)
                    .send(new Answer(part.events().stream().map(Event::of).toList(), cursor(part.position())));
        } catch (CursorExpiredException e) {
            throw new ProblemException(
                    CURSOR_EXPIRED,
                    "Compare what you keep with the accounts that there are, then follow from the beginning, without after.");
        }
    }

    private String cursor(long position) {
        return cursors.encode(
                LIST, ByteBuffer.allocate(Long.BYTES).putLong(position).array());
    }

    private long position(String cursor) {
        return ByteBuffer.wrap(cursors.decode(LIST, cursor)).getLong();
    }

    private static Duration seconds(String text) {
        try {
            int seconds = Integer.parseInt(text);
            if (seconds >= 0 && seconds <= MAX_WAIT_SECONDS) {
                return Duration.ofSeconds(seconds);
            }
        } catch (NumberFormatException e) {
            // as below
        }
        throw new InvalidValueException("A wait is a number of seconds from 0 to " + MAX_WAIT_SECONDS + ".");
    }

    private record Answer(List<Event> items, String next) {}

    private record Event(UUID id, String type, Instant occurredAt, UUID userId, UUID sessionId) {
        static Event of(PublishedEvent event) {
            return new Event(event.id(), event.type(), event.occurredAt(), event.userId(), event.sessionId());
        }
    }
}
