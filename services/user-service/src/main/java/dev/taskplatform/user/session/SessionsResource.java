// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.limit.RateLimiter;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.account.Accounts;
import dev.taskplatform.user.account.Username;
import dev.taskplatform.user.password.Password;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;

/** {@code /v1/sessions}. */
public final class SessionsResource implements HttpService {
    private static final ProblemType WRONG_CREDENTIALS =
            new ProblemType("wrong-credentials", Status.UNAUTHORIZED_401, "The username or the password is wrong");

    private final Accounts accounts;
    private final Sessions sessions;
    private final RateLimiter limiter;
    private final JsonReader json;

    /** Collaborators. */
    public SessionsResource(Accounts accounts, Sessions sessions, RateLimiter limiter, JsonReader json) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.limiter = limiter;
        this.json = json;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", limiter.limited(this::signIn));
    }

    private void signIn(ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        Optional<Username> username = body.required("username", Username::find);
        Password password = body.required("password", Password::of);
        body.done();
        Account account = accounts.authenticate(username, password)
                // One answer for both, so that nobody learns which usernames exist.
                .orElseThrow(() -> new ProblemException(
                                WRONG_CREDENTIALS,
                                "Check both and try again; upper and lower case matter in passwords.")
                        .with(HeaderValues.create(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"taskplatform\"")));
        response.status(Status.CREATED_201)
                .header(HeaderNames.CACHE_CONTROL, "no-store")
                .send(sessions.start(account));
    }
}
