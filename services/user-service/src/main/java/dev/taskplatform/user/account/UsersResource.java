// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.idempotency.Idempotency;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.limit.RateLimiter;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordPolicy;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/users}. */
public final class UsersResource implements HttpService {
    private static final ProblemType USERNAME_TAKEN =
            new ProblemType("username-taken", Status.CONFLICT_409, "The username is taken");

    private final Accounts accounts;
    private final PasswordPolicy policy;
    private final BearerAuthentication bearer;
    private final RateLimiter limiter;
    private final Idempotency idempotency;
    private final Actors actors;
    private final JsonReader json;

    /** Collaborators. */
    public UsersResource(
            Accounts accounts,
            PasswordPolicy policy,
            BearerAuthentication bearer,
            RateLimiter limiter,
            Idempotency idempotency,
            Actors actors,
            JsonReader json) {
        this.accounts = accounts;
        this.policy = policy;
        this.bearer = bearer;
        this.limiter = limiter;
        this.idempotency = idempotency;
        this.actors = actors;
        this.json = json;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", limiter.limited(idempotency.on(this::address, this::register)))
                .get("/me", bearer.user(AccessToken.ACCOUNT_SCOPE, this::me))
                .get("/{id}", bearer.user(AccessToken.ACCOUNT_SCOPE, this::get));
    }

    private String address(ServerRequest request) {
        return actors.of(request).address();
    }

    private void register(ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        Username username = body.required("username", Username::of);
        Optional<String> whose = Optional.ofNullable(username).map(Username::value);
        Password password = body.required("password", text -> policy.accept(text, whose));
        body.done();
        Account account = accounts.register(username, password, actors.of(request))
                .orElseThrow(() -> new ProblemException(
                        USERNAME_TAKEN, "Somebody has this username already. Choose another one."));
        response.status(Status.CREATED_201)
                .header(HeaderNames.LOCATION, "/v1/users/" + account.id())
                .send(User.of(account));
    }

    private void me(AccessToken caller, ServerRequest request, ServerResponse response) {
        send(caller, response);
    }

    /** One's own account only: others' do not exist for the caller. */
    private void get(AccessToken caller, ServerRequest request, ServerResponse response) {
        if (!request.path().pathParameters().get("id").equals(caller.userId().toString())) {
            throw new ProblemException(ProblemType.NOT_FOUND, "There is no such user that you may see.");
        }
        send(caller, response);
    }

    private void send(AccessToken caller, ServerResponse response) {
        Account account = accounts.find(caller.userId())
                .orElseThrow(
                        () -> new ProblemException(ProblemType.NOT_FOUND, "This account does not exist any more."));
        response.header(HeaderNames.CACHE_CONTROL, "private, no-store").send(User.of(account));
    }

    /** How an account looks from outside. */
    private record User(UUID id, String username, Instant createdAt) {
        static User of(Account account) {
            return new User(account.id(), account.username().value(), account.createdAt());
        }
    }
}
