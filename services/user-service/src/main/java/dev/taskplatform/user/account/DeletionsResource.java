// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.limit.RateLimiter;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** How far deletions of accounts are: for whoever has the id, for administrators, and for the services that take part. */
public final class DeletionsResource implements HttpService {
    /** Of services that follow the event feed. */
    private static final String SCOPE = "events";

    private final Deletions deletions;
    private final CursorCodec cursors;
    private final BearerAuthentication bearer;
    private final RateLimiter limiter;

    /** Collaborators. */
    public DeletionsResource(
            Deletions deletions, CursorCodec cursors, BearerAuthentication bearer, RateLimiter limiter) {
        this.deletions = deletions;
        this.cursors = cursors;
        this.bearer = bearer;
        this.limiter = limiter;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/v1/deletions/{id}", limiter.limited(this::get))
                .get("/v1/admin/deletions", bearer.admin(this::list))
                .post("/internal/v1/deletions/{id}/acknowledgements", bearer.service(SCOPE, this::acknowledge));
    }

    /** Answers a request to delete an account. */
    static void sendAccepted(Deletion deletion, ServerResponse response) {
        response.status(Status.ACCEPTED_202)
                .header(HeaderNames.LOCATION, "/v1/deletions/" + deletion.id())
                .header(CacheControl.NO_STORE)
                .send(State.of(deletion));
    }

    /** Nobody is signed in who could ask: the account is gone. The id is the secret of whoever requested the deletion. */
    private void get(ServerRequest request, ServerResponse response) {
        Deletion deletion = deletions.find(PathParameters.uuid(request, "id")).orElseThrow(DeletionsResource::notFound);
        response.header(CacheControl.NO_STORE).send(State.of(deletion));
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        Optional<Deletion.State> state = query.optional("state", DeletionsResource::state);
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        String list = "deletions " + state.map(Deletion.State::name).orElse("");
        Optional<UUID> after = query.optional("cursor", text -> cursors.decodeId(list, text));
        query.done();
        // One more than asked for tells whether there is a next page.
        Page<Item> page = Page.of(
                deletions.list(state, after, limit + 1), limit, Item::of, last -> cursors.encode(list, last.id()));
        page.link(request).ifPresent(response::header);
        response.header(CacheControl.NO_STORE).send(page);
    }

    private void acknowledge(AccessToken caller, ServerRequest request, ServerResponse response) {
        if (!deletions.acknowledge(PathParameters.uuid(request, "id"), caller.clientId())) {
            throw notFound();
        }
        response.status(Status.NO_CONTENT_204).send();
    }

    private static Deletion.State state(String text) {
        return switch (text) {
            case "pending" -> Deletion.State.PENDING;
            case "completed" -> Deletion.State.COMPLETED;
            default -> throw new InvalidValueException("A state is pending or completed.");
        };
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such deletion.");
    }

    private static String text(Deletion.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    /**
     * How a deletion looks to whoever requested it.
     *
     * @param completedAt null, and so not in JSON, while it is pending
     */
    private record State(UUID id, String state, Instant requestedAt, Instant completedAt) {
        static State of(Deletion deletion) {
            return new State(
                    deletion.id(),
                    text(deletion.state()),
                    deletion.requestedAt(),
                    deletion.completedAt().orElse(null));
        }
    }

    /** How a deletion looks to administrators. */
    private record Item(UUID id, UUID userId, String state, Instant requestedAt, Instant completedAt) {
        static Item of(Deletion deletion) {
            return new Item(
                    deletion.id(),
                    deletion.userId(),
                    text(deletion.state()),
                    deletion.requestedAt(),
                    deletion.completedAt().orElse(null));
        }
    }
}
