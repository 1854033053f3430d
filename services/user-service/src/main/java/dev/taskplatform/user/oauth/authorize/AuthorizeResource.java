// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.database.DatabaseUnavailableException;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.TextBody;
import dev.taskplatform.kit.limit.RateLimiter;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.account.Accounts;
import dev.taskplatform.user.oauth.authorize.AuthorizationFlow.Step;
import dev.taskplatform.user.oauth.authorize.PendingSignIn.Typed;
import dev.taskplatform.user.oauth.client.KnownClients;
import dev.taskplatform.user.oauth.http.BrowserCookies;
import dev.taskplatform.user.oauth.http.ClientAuthentication;
import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import dev.taskplatform.user.oauth.protocol.Parameters;
import dev.taskplatform.user.oauth.protocol.Secrets;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.session.Session;
import dev.taskplatform.user.session.SignIn;
import dev.taskplatform.user.session.SignInProblems;
import dev.taskplatform.user.session.SignInRequest;
import dev.taskplatform.user.session.SignedIn;
import dev.taskplatform.user.session.UserAgent;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /oauth2/authorize}. The request stays in the address, where every page and form of it finds it again; a form has
 * a {@code step} beside.
 */
public final class AuthorizeResource implements HttpService {
    private static final int MAX_QUERY = 7 * 1024;
    private static final int MAX_PENDING = 8 * 1024;

    private static final HttpMediaType HTML = HttpMediaType.builder()
            .mediaType(MediaTypes.TEXT_HTML)
            .charset("UTF-8")
            .build();

    private static final List<Header> OF_EVERY_ANSWER = List.of(
            CacheControl.NO_STORE,
            HeaderValues.createCached(HeaderNames.create("Referrer-Policy"), "no-referrer"),
            HeaderValues.createCached(HeaderNames.create("X-Content-Type-Options"), "nosniff"),
            HeaderValues.createCached(HeaderNames.create("X-Frame-Options"), "DENY"));

    private static final Map<ProblemType, String> SIGN_IN_PROBLEMS = Map.of(
            SignInProblems.WRONG_CREDENTIALS,
            "The username or the password is wrong. Upper and lower case matter in passwords.",
            SignInProblems.ACCOUNT_DISABLED,
            "This account is disabled. Ask an administrator to enable it.",
            SignInProblems.WRONG_CODE,
            "The code is wrong or was used before. If no code works, check your authenticator's clock.",
            ProblemType.TOO_MANY_ATTEMPTS,
            "There were too many attempts. Wait a while, then try again.",
            ProblemType.TOO_MANY_REQUESTS,
            "There were too many attempts. Wait a while, then try again.");

    private static final String TOO_OLD = "This page was too old. Try again.";

    private final AuthorizationFlow flow;
    private final KnownClients clients;
    private final Browsers browsers;
    private final SignIn signIn;
    private final PendingSignIn pendingSignIn;
    private final Accounts accounts;
    private final Secrets secrets;
    private final BrowserCookies cookies;
    private final RateLimiter limiter;
    private final Actors actors;
    private final Pages pages = new Pages();

    /** Collaborators. */
    public AuthorizeResource(
            AuthorizationFlow flow,
            KnownClients clients,
            Browsers browsers,
            SignIn signIn,
            PendingSignIn pendingSignIn,
            Accounts accounts,
            Secrets secrets,
            BrowserCookies cookies,
            RateLimiter limiter,
            Actors actors) {
        this.flow = flow;
        this.clients = clients;
        this.browsers = browsers;
        this.signIn = signIn;
        this.pendingSignIn = pendingSignIn;
        this.accounts = accounts;
        this.secrets = secrets;
        this.cookies = cookies;
        this.limiter = limiter;
        this.actors = actors;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/oauth2/authorize", forPeople(this::begin))
                .post("/oauth2/authorize", forPeople(limiter.limited(this::submit)));
    }

    private void begin(ServerRequest request, ServerResponse response) {
        if (request.prologue().method().equals(Method.HEAD)) {
            // To somebody signed in the answer is a code: nothing to be given to who only looks.
            throw new ProblemException(ProblemType.METHOD_NOT_ALLOWED, "This route answers GET and POST only.")
                    .with(HeaderValues.create(HeaderNames.ALLOW, "GET, POST"));
        }
        Parameters query = query(request);
        inTarget(query, response, asked -> show(flow.next(asked, browser(request)), query, request, response));
    }

    private void submit(ServerRequest request, ServerResponse response) {
        Parameters body = Parameters.parseRepeated(TextBody.read(request, ClientAuthentication.FORM));
        if (!body.has("step")) {
            // A request by POST (OpenID Connect Core, section 3.1.2.1): from another site, so without our cookies.
            String encoded = body.encoded();
            if (encoded.length() > MAX_QUERY) {
                throw new OAuthException(OAuthError.INVALID_REQUEST, "The request is too long.");
            }
            redirect("?" + encoded, response);
            return;
        }
        Parameters form = body.once();
        Parameters query = query(request);
        inTarget(query, response, asked -> {
            Optional<String> problem = isOfThisBrowser(form, request) ? Optional.empty() : Optional.of(TOO_OLD);
            switch (form.required("step")) {
                case "sign-in" -> signIn(asked, query, form, problem, request, response);
                case "second-factor" -> secondFactor(asked, query, form, problem, request, response);
                case "consent" -> consent(asked, query, form, problem, request, response);
                default -> throw new OAuthException(OAuthError.INVALID_REQUEST, "There is no such step");
            }
        });
    }

    private void signIn(
            AuthorizationRequest asked,
            Parameters query,
            Parameters form,
            Optional<String> problem,
            ServerRequest request,
            ServerResponse response) {
        Typed typed = new Typed(typed(form, "username"), typed(form, "password"));
        if (problem.isPresent()) {
            showSignIn(asked, Optional.of(typed.username()), problem, request, response);
            return;
        }
        try {
            signedIn(attempt(typed, Optional.empty(), request), query, request, response);
        } catch (ProblemException e) {
            if (e.type().equals(SignInProblems.SECOND_FACTOR_REQUIRED)) {
                String browser = formCookie(request, response);
                send(
                        pages.secondFactor(csrf(browser), pendingSignIn.seal(typed, browser), Optional.empty()),
                        asked.target(),
                        response);
                return;
            }
            tell(e, response);
            showSignIn(asked, Optional.of(typed.username()), Optional.of(words(e)), request, response);
        }
    }

    private void secondFactor(
            AuthorizationRequest asked,
            Parameters query,
            Parameters form,
            Optional<String> problem,
            ServerRequest request,
            ServerResponse response) {
        String pending = form.required("pending", MAX_PENDING);
        Optional<Typed> typed = problem.isPresent()
                ? Optional.empty()
                : cookies.get(request, BrowserCookies.FORM).flatMap(browser -> pendingSignIn.open(pending, browser));
        if (typed.isEmpty()) {
            showSignIn(asked, Optional.empty(), Optional.of(TOO_OLD), request, response);
            return;
        }
        try {
            String code = typed(form, "code");
            signedIn(attempt(typed.get(), Optional.of(code), request), query, request, response);
        } catch (ProblemException e) {
            tell(e, response);
            if (e.type().equals(SignInProblems.WRONG_CODE)) {
                String browser = formCookie(request, response);
                send(pages.secondFactor(csrf(browser), pending, Optional.of(words(e))), asked.target(), response);
                return;
            }
            showSignIn(asked, Optional.of(typed.get().username()), Optional.of(words(e)), request, response);
        }
    }

    private void consent(
            AuthorizationRequest asked,
            Parameters query,
            Parameters form,
            Optional<String> problem,
            ServerRequest request,
            ServerResponse response) {
        Optional<Session> browser = browser(request)
                // Somebody else may have signed in meanwhile, in another window.
                .filter(session -> form.optional("session")
                        .filter(session.id().toString()::equals)
                        .isPresent());
        if (problem.isPresent() || browser.isEmpty()) {
            show(flow.next(asked, browser(request)), query, request, response);
            return;
        }
        boolean agrees = form.required("decision").equals("allow");
        show(
                agrees ? flow.granted(asked, browser.get(), actor(request)) : flow.denied(asked),
                query,
                request,
                response);
    }

    private SignedIn attempt(Typed typed, Optional<String> code, ServerRequest request) {
        return signIn.attempt(new SignInRequest(typed.username(), Password.of(typed.password()), code, actor(request)));
    }

    /** Goes on as if the person had been signed in when the request came. */
    private void signedIn(SignedIn person, Parameters query, ServerRequest request, ServerResponse response) {
        Optional<UserAgent> userAgent =
                request.headers().first(HeaderNames.USER_AGENT).flatMap(UserAgent::find);
        String cookie =
                browsers.signedIn(person, cookies.get(request, BrowserCookies.SESSION), actor(request), userAgent);
        response.headers().add(cookies.set(BrowserCookies.SESSION, cookie));
        Parameters rest = query.without("max_age");
        String prompt = query.optional("prompt")
                        .filter(words -> words.contains("consent"))
                        .isPresent()
                ? "consent"
                : "";
        redirect("?" + (prompt.isEmpty() ? rest.without("prompt") : rest.with("prompt", prompt)).encoded(), response);
    }

    private void show(Step step, Parameters query, ServerRequest request, ServerResponse response) {
        switch (step) {
            case Step.Answer answer -> redirect(answer.location(), response);
            case Step.SignIn signIn ->
                showSignIn(signIn.request(), signIn.request().loginHint(), Optional.empty(), request, response);
            case Step.Consent consent -> {
                String username = accounts.find(consent.session().userId())
                        .map(Account::username)
                        .orElseThrow()
                        .value();
                send(
                        pages.consent(
                                consent.request(),
                                consent.session().id().toString(),
                                username,
                                csrf(formCookie(request, response)),
                                query.with("prompt", Prompt.LOGIN.text())),
                        consent.request().target(),
                        response);
            }
        }
    }

    private void showSignIn(
            AuthorizationRequest asked,
            Optional<String> username,
            Optional<String> problem,
            ServerRequest request,
            ServerResponse response) {
        if (problem.isPresent() && response.status().code() < 400) {
            response.status(Status.BAD_REQUEST_400);
        }
        String csrf = csrf(formCookie(request, response));
        send(pages.signIn(asked, csrf, username, problem), asked.target(), response);
    }

    /** The status of a failure, for programs; people read the page. */
    private static void tell(ProblemException e, ServerResponse response) {
        if (!SIGN_IN_PROBLEMS.containsKey(e.type())) {
            throw e;
        }
        int status = e.type().status().code();
        // With 401 a browser would want to know how to authenticate by HTTP itself.
        response.status(
                status == Status.TOO_MANY_REQUESTS_429.code() ? Status.TOO_MANY_REQUESTS_429 : Status.BAD_REQUEST_400);
        e.headers().stream()
                .filter(header -> !header.headerName().equals(HeaderNames.WWW_AUTHENTICATE))
                .forEach(response::header);
    }

    private static String words(ProblemException e) {
        return SIGN_IN_PROBLEMS.get(e.type());
    }

    /** Failures that the client must not be told of, or can't, as a page. */
    private Handler forPeople(Handler handler) {
        return (request, response) -> {
            try {
                handler.handle(request, response);
            } catch (OAuthException e) {
                response.status(Status.BAD_REQUEST_400);
                sendPage(pages.error(e.getMessage()), Optional.empty(), response);
            } catch (DatabaseUnavailableException e) {
                unavailable(e.retryAfter(), response);
            } catch (ProblemException e) {
                sendProblem(e, response);
            }
        };
    }

    private void sendProblem(ProblemException e, ServerResponse response) {
        if (e.type().equals(ProblemType.UNAVAILABLE)) {
            e.headers().forEach(response::header);
            sendUnavailable(response);
        } else if (e.type().equals(ProblemType.TOO_MANY_REQUESTS)) {
            e.headers().forEach(response::header);
            response.status(Status.TOO_MANY_REQUESTS_429);
            sendPage(pages.error(words(e)), Optional.empty(), response);
        } else if (e.type().equals(ProblemType.UNSUPPORTED_MEDIA_TYPE)
                || e.type().equals(ProblemType.MALFORMED_BODY)) {
            response.status(Status.BAD_REQUEST_400);
            sendPage(pages.error("The request is not a form."), Optional.empty(), response);
        } else {
            throw e;
        }
    }

    private void unavailable(Duration retryAfter, ServerResponse response) {
        response.header(HeaderValues.create(HeaderNames.RETRY_AFTER, Math.max(1, retryAfter.toSeconds())));
        sendUnavailable(response);
    }

    private void sendUnavailable(ServerResponse response) {
        response.status(Status.SERVICE_UNAVAILABLE_503);
        sendPage(
                pages.error("The service cannot answer right now. Try again in a moment."), Optional.empty(), response);
    }

    private void inTarget(Parameters query, ServerResponse response, Work work) {
        AuthorizationTarget target = AuthorizationTarget.of(query, clients);
        try {
            work.accept(AuthorizationRequest.of(query.once(), target));
        } catch (OAuthException e) {
            redirect(((Step.Answer) flow.failed(target, e)).location(), response);
        }
    }

    private static Parameters query(ServerRequest request) {
        return Parameters.parseRepeated(request.query().rawValue());
    }

    /** What the person has typed; nothing instead of what is longer than any name, password or code. */
    private static String typed(Parameters form, String field) {
        return form.optional(field, Parameters.ANY_LENGTH)
                .filter(text -> text.length() <= Parameters.MAX_LENGTH)
                .orElse("");
    }

    private Optional<Session> browser(ServerRequest request) {
        return cookies.get(request, BrowserCookies.SESSION).flatMap(browsers::find);
    }

    private Actor actor(ServerRequest request) {
        return actors.of(request).with(KnownClients.BROWSER);
    }

    private boolean isOfThisBrowser(Parameters form, ServerRequest request) {
        byte[] csrf = form.optional("csrf").orElse("").getBytes(StandardCharsets.UTF_8);
        return cookies.get(request, BrowserCookies.FORM)
                .filter(cookie -> Secrets.equal(csrf(cookie).getBytes(StandardCharsets.UTF_8), csrf))
                .isPresent();
    }

    /** The cookie that forms are tied to; a new one if there is none. */
    private String formCookie(ServerRequest request, ServerResponse response) {
        return cookies.get(request, BrowserCookies.FORM).orElseGet(() -> {
            String made = secrets.next();
            response.headers().add(cookies.set(BrowserCookies.FORM, made));
            return made;
        });
    }

    /** What a form of this browser has, and a page of another site can't know. */
    private static String csrf(String formCookie) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Secrets.hash(formCookie));
    }

    private static void redirect(String location, ServerResponse response) {
        OF_EVERY_ANSWER.forEach(response::header);
        // 303, so that no browser sends the form on (RFC 9700, section 4.12).
        response.status(Status.SEE_OTHER_303)
                .header(HeaderNames.LOCATION, location)
                .send();
    }

    private void send(Html page, AuthorizationTarget target, ServerResponse response) {
        sendPage(page, Optional.of(target), response);
    }

    private void sendPage(Html page, Optional<AuthorizationTarget> target, ServerResponse response) {
        OF_EVERY_ANSWER.forEach(response::header);
        response.header(HeaderNames.create("Content-Security-Policy"), pages.policy(target));
        response.headers().contentType(HTML);
        response.send(page.markup().getBytes(StandardCharsets.UTF_8));
    }

    private interface Work {
        void accept(AuthorizationRequest request);
    }
}
