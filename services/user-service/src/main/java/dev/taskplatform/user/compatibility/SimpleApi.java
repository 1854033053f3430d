// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.compatibility;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.limit.RateLimiter;
import dev.taskplatform.kit.problem.DetailFormat;
import dev.taskplatform.kit.problem.ErrorFormat;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemFormat;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.user.account.Registration;
import dev.taskplatform.user.account.RegistrationRefusedException;
import dev.taskplatform.user.account.Username;
import dev.taskplatform.user.account.UsernamePolicy;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordPolicy;
import dev.taskplatform.user.session.IssuedSession;
import dev.taskplatform.user.session.NewSession;
import dev.taskplatform.user.session.SessionTokens;
import dev.taskplatform.user.session.Sessions;
import dev.taskplatform.user.session.SignIn;
import dev.taskplatform.user.session.SignInProblems;
import dev.taskplatform.user.session.SignInRequest;
import dev.taskplatform.user.session.SignedIn;
import dev.taskplatform.user.session.UserAgent;
import dev.taskplatform.user.token.TokenIssuer;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * {@code POST /register} and {@code POST /login}, thin over the same accounts as {@code /v1}. As FastAPI would, ignores
 * unknown fields and whatever the body's media type is called, and answers errors as {@code {"detail": ...}}.
 */
public final class SimpleApi implements HttpService {
    private static final String REGISTER = "/register";
    private static final String LOGIN = "/login";

    private static final ProblemType USER_EXISTS =
            new ProblemType("user-exists", Status.BAD_REQUEST_400, "User already exists");
    private static final ProblemType REGISTRATION_CLOSED =
            new ProblemType("registration-closed", Status.FORBIDDEN_403, "Registration is closed");
    private static final ProblemType INVALID_CREDENTIALS =
            new ProblemType("invalid-credentials", Status.UNAUTHORIZED_401, "Invalid credentials");

    private final Registration registration;
    private final UsernamePolicy usernames;
    private final PasswordPolicy policy;
    private final SignIn signIn;
    private final Sessions sessions;
    private final RateLimiter limiter;
    private final Actors actors;
    private final JsonReader json;

    /**
     * Collaborators.
     *
     * @param policy of passwords chosen by these clients
     */
    public SimpleApi(
            Registration registration,
            UsernamePolicy usernames,
            PasswordPolicy policy,
            SignIn signIn,
            Sessions sessions,
            RateLimiter limiter,
            Actors actors,
            JsonReader json) {
        this.registration = registration;
        this.usernames = usernames;
        this.policy = policy;
        this.signIn = signIn;
        this.sessions = sessions;
        this.limiter = limiter;
        this.actors = actors;
        this.json = json;
    }

    /** The format of errors: this API's on its routes, problem documents on all others. */
    public static ErrorFormat errorFormat(String path) {
        return path.equals(REGISTER) || path.equals(LOGIN) ? new DetailFormat() : new ProblemFormat();
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post(REGISTER, limiter.limited(this::register)).post(LOGIN, limiter.limited(this::login));
    }

    private void register(ServerRequest request, ServerResponse response) {
        JsonFields body = json.fieldsOfAnyType(request);
        Username username = body.required("username", usernames::accept);
        Optional<String> whose = Optional.ofNullable(username).map(Username::value);
        Password password = body.required("password", text -> policy.accept(text, whose));
        body.doneIgnoringUnknown();
        try {
            registration
                    .register(username, password, Optional.empty(), actors.of(request))
                    .orElseThrow(() -> new ProblemException(USER_EXISTS, "User already exists"));
        } catch (RegistrationRefusedException e) {
            throw new ProblemException(REGISTRATION_CLOSED, "Registration is closed");
        }
        response.send(Map.of("message", "User registered successfully"));
    }

    private void login(ServerRequest request, ServerResponse response) {
        JsonFields body = json.fieldsOfAnyType(request);
        String username = body.required("username", Function.identity());
        Password password = body.required("password", Password::of);
        Optional<String> code = body.optional("code", SignInRequest::code);
        body.doneIgnoringUnknown();
        Actor actor = actors.of(request);
        SignedIn signedIn = signIn(new SignInRequest(username, password, code, actor));
        IssuedSession session = sessions.start(new NewSession(
                signedIn.account(),
                TokenIssuer.OWN_CLIENT,
                TokenIssuer.OWN_SCOPE,
                signedIn.methods(),
                signedIn.at(),
                actor,
                request.headers().first(HeaderNames.USER_AGENT).flatMap(UserAgent::find)));
        response.header(CacheControl.NO_STORE).send(new LoggedIn("Login successful", session.tokens()));
    }

    private SignedIn signIn(SignInRequest request) {
        try {
            return signIn.attempt(request);
        } catch (ProblemException e) {
            if (e.type().equals(SignInProblems.WRONG_CREDENTIALS)) {
                throw new ProblemException(INVALID_CREDENTIALS, "Invalid credentials").withChallenge();
            }
            throw e;
        }
    }

    private record LoggedIn(String message, @JsonUnwrapped SessionTokens tokens) {}
}
