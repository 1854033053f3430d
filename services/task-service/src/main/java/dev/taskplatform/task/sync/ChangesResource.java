// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.task.cursor.SharedCursors;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/changes}: the feed of changes, and the same as they happen (WHATWG HTML, server-sent events). */
public final class ChangesResource implements HttpService {
    private static final String SCOPE = "tasks";
    private static final HeaderName LAST_EVENT_ID = HeaderNames.create("Last-Event-ID");

    private final ChangeFeed feed;
    private final ChangeStreams streams;
    private final SharedCursors cursors;
    private final BearerAuthentication bearer;
    private final ObjectMapper mapper;

    /** Collaborators. */
    public ChangesResource(
            ChangeFeed feed,
            ChangeStreams streams,
            SharedCursors cursors,
            BearerAuthentication bearer,
            ObjectMapper mapper) {
        this.feed = feed;
        this.streams = streams;
        this.cursors = cursors;
        this.bearer = bearer;
        this.mapper = mapper;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", bearer.user(SCOPE, this::read)).get("/stream", bearer.user(SCOPE, this::stream));
    }

    private void read(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        Optional<FeedToken> since = query.optional("since", text -> decode(caller.userId(), text));
        query.done();
        FeedPage page = feed.read(caller.userId(), since, limit);
        response.header(CacheControl.NO_STORE)
                .send(new View(page.items(), encode(caller.userId(), page.next()), page.more()));
    }

    private void stream(AccessToken caller, ServerRequest request, ServerResponse response) throws IOException {
        QueryParameters query = new QueryParameters(request.query());
        Optional<FeedToken> since = query.optional("since", text -> decode(caller.userId(), text));
        query.done();
        // What an EventSource sends when it connects again; its URL has the older token.
        Optional<FeedToken> last = lastEventId(caller, request);
        FeedToken place = last.or(() -> since)
                .orElseThrow(() -> ProblemException.invalidField(
                        FieldError.parameter("since", "Read /v1/changes first, and go on here from its next.")));
        // Says what is wrong with the token while there can still be a status.
        feed.read(caller.userId(), Optional.of(place), 1);
        try (ChangeStreams.Place stream = streams.open(caller)) {
            response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8"))
                    .header(CacheControl.NO_STORE)
                    // Proxies that gather answers would hold events back.
                    .header(HeaderValues.create("X-Accel-Buffering", "no"));
            try (OutputStream out = response.outputStream()) {
                stream.run(place, new EventWriter(out, mapper, token -> encode(caller.userId(), token)));
            }
        }
    }

    private Optional<FeedToken> lastEventId(AccessToken caller, ServerRequest request) {
        List<String> values = request.headers().all(LAST_EVENT_ID, List::of);
        try {
            return values.isEmpty() ? Optional.empty() : Optional.of(decode(caller.userId(), values.getFirst()));
        } catch (InvalidValueException e) {
            throw ProblemException.invalidField(FieldError.parameter(LAST_EVENT_ID.defaultCase(), e.getMessage()));
        }
    }

    private String encode(UUID user, FeedToken token) {
        return cursors.codec().encode(name(user), token.bytes());
    }

    private FeedToken decode(UUID user, String text) {
        return FeedToken.of(cursors.codec().decode(name(user), text));
    }

    private static String name(UUID user) {
        return "changes of " + user;
    }

    /** @param more whether there is more already */
    private record View(List<Item> items, String next, boolean more) {}
}
