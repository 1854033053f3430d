// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.limit.RateLimiter;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.token.TokenIssuer;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** {@code /v1/sessions}: signing in, and a person's sessions. */
public final class SessionsResource implements HttpService {
    private static final String PATH = "/v1/sessions/";
    private static final Header PRIVATE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "private, no-store");
    private static final String SIGNED_OUT = "signed-out";

    private final SignIn signIn;
    private final Sessions sessions;
    private final BearerAuthentication bearer;
    private final RateLimiter limiter;
    private final Actors actors;
    private final CursorCodec cursors;
    private final JsonReader json;

    /** Collaborators. */
    public SessionsResource(
            SignIn signIn,
            Sessions sessions,
            BearerAuthentication bearer,
            RateLimiter limiter,
            Actors actors,
            CursorCodec cursors,
            JsonReader json) {
        this.signIn = signIn;
        this.sessions = sessions;
        this.bearer = bearer;
        this.limiter = limiter;
        this.actors = actors;
        this.cursors = cursors;
        this.json = json;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", limiter.limited(this::signIn))
                .get("/", bearer.user(AccessToken.ACCOUNT_SCOPE, this::list))
                .get("/{id}", bearer.user(AccessToken.ACCOUNT_SCOPE, this::get))
                .delete("/", bearer.user(AccessToken.ACCOUNT_SCOPE, this::endAll))
                .delete("/{id}", bearer.user(AccessToken.ACCOUNT_SCOPE, this::end));
    }

    private void signIn(ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        String username = body.required("username", Function.identity());
        Password password = body.required("password", Password::of);
        Optional<String> code = body.optional("code", SignInRequest::code);
        body.done();
        Actor actor = actors.of(request);
        SignedIn signedIn = signIn.attempt(new SignInRequest(username, password, code, actor));
        SessionTokens tokens = sessions.start(new NewSession(
                        signedIn.account(),
                        TokenIssuer.OWN_CLIENT,
                        TokenIssuer.OWN_SCOPE,
                        signedIn.methods(),
                        signedIn.at(),
                        actor,
                        userAgent(request)))
                .tokens();
        response.status(Status.CREATED_201)
                .header(HeaderNames.LOCATION, PATH + tokens.sessionId())
                .header(CacheControl.NO_STORE)
                .send(tokens);
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        Optional<UUID> before = query.optional("cursor", cursor -> cursors.decodeId(list(caller), cursor));
        query.done();
        // One more than asked for tells whether there is a next page.
        Page<SessionView> page = Page.of(
                sessions.list(caller.userId(), before, limit + 1),
                limit,
                session -> view(session, caller),
                last -> cursors.encode(list(caller), last.id()));
        page.link(request).ifPresent(response::header);
        response.header(PRIVATE).send(page);
    }

    private void get(AccessToken caller, ServerRequest request, ServerResponse response) {
        Session session = sessions.find(caller.userId(), PathParameters.uuid(request, "id"))
                .orElseThrow(SessionsResource::notFound);
        response.header(PRIVATE).send(view(session, caller));
    }

    private void end(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        if (!sessions.end(caller.userId(), id, SIGNED_OUT, actors.of(request, caller))) {
            throw notFound();
        }
        response.status(Status.NO_CONTENT_204).send();
    }

    private void endAll(AccessToken caller, ServerRequest request, ServerResponse response) {
        sessions.endAll(caller.userId(), Optional.empty(), "signed-out-everywhere", actors.of(request, caller));
        response.status(Status.NO_CONTENT_204).send();
    }

    private SessionView view(Session session, AccessToken caller) {
        return new SessionView(
                session.id(),
                session.id().equals(caller.sessionId()),
                session.clientId(),
                session.scope().stream().sorted().toList(),
                session.methods().stream().sorted().toList(),
                session.createdAt(),
                session.lastUsedAt(),
                sessions.endOf(session),
                session.address().orElse(null),
                session.userAgent().map(UserAgent::text).orElse(null));
    }

    private static String list(AccessToken caller) {
        return "sessions of " + caller.userId();
    }

    private static Optional<UserAgent> userAgent(ServerRequest request) {
        return request.headers().first(HeaderNames.USER_AGENT).flatMap(UserAgent::find);
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "You have no such session, or it has ended.");
    }

    /** How a session looks from outside; what is null is left out. */
    private record SessionView(
            UUID id,
            boolean current,
            String clientId,
            List<String> scope,
            List<String> methods,
            Instant createdAt,
            Instant lastUsedAt,
            Instant expiresAt,
            String address,
            String userAgent) {}
}
