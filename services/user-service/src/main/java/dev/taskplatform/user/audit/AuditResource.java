// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.audit;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.http.TimedId;
import dev.taskplatform.kit.id.UuidText;
import dev.taskplatform.kit.problem.InvalidValueException;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** {@code /v1/admin/audit}: what was done, for administrators. */
public final class AuditResource implements HttpService {
    private static final Header PRIVATE = HeaderValues.create(HeaderNames.CACHE_CONTROL, "private, no-store");
    private static final Pattern KIND = Pattern.compile("[a-z][a-z.-]{0,63}");
    /** What both databases can hold. */
    private static final Instant EARLIEST = Instant.EPOCH;

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    private final AuditRepository repository;
    private final CursorCodec cursors;
    private final BearerAuthentication bearer;

    /** Collaborators. */
    public AuditResource(AuditRepository repository, CursorCodec cursors, BearerAuthentication bearer) {
        this.repository = repository;
        this.cursors = cursors;
        this.bearer = bearer;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", bearer.admin(this::list));
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        AuditFilter filter = new AuditFilter(
                query.optional("userId", UuidText::of),
                query.optional("actorId", UuidText::of),
                query.optional("kind", AuditResource::kind),
                query.optional("from", AuditResource::instant),
                query.optional("to", AuditResource::instant));
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        Optional<TimedId> before = query.optional("cursor", cursor -> cursors.decodeTimedId(filter.toString(), cursor));
        query.done();
        // One more than asked for tells whether there is a next page.
        Page<View> page = Page.of(
                repository.list(filter, before, limit + 1),
                limit,
                View::of,
                last -> cursors.encode(filter.toString(), last.position()));
        page.link(request).ifPresent(response::header);
        response.header(PRIVATE).send(page);
    }

    private static String kind(String text) {
        if (!KIND.matcher(text).matches()) {
            throw new InvalidValueException("A kind is like account.registered.");
        }
        return text;
    }

    private static Instant instant(String text) {
        try {
            Instant instant = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
            if (!instant.isBefore(EARLIEST) && !instant.isAfter(LATEST)) {
                return instant;
            }
        } catch (DateTimeException e) {
            // as below
        }
        throw new InvalidValueException("A time is like 2026-11-24T09:30:00Z (RFC 3339), from the year 1970 to 9999.");
    }

    private record View(
            UUID id,
            Instant occurredAt,
            String kind,
            UUID userId,
            ActorView actor,
            String requestId,
            Map<String, String> details) {
        static View of(RecordedEntry recorded) {
            AuditEntry entry = recorded.entry();
            return new View(
                    recorded.id(),
                    recorded.occurredAt(),
                    entry.kind(),
                    entry.userId(),
                    ActorView.of(entry.actor()),
                    entry.actor().requestId(),
                    entry.details());
        }
    }

    private record ActorView(UUID userId, String clientId, String address) {
        static ActorView of(Actor actor) {
            return new ActorView(actor.userId(), actor.clientId(), actor.address());
        }
    }
}
