// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.factor;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.account.Accounts;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.session.SignIn;
import dev.taskplatform.user.session.SignInRequest;
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

/** {@code /v1/users/me/totp} and {@code /v1/users/me/recovery-codes}: a person's own second factor. */
public final class SecondFactorResource implements HttpService {
    private static final String TOTP = "/totp";
    private static final Header LOCATION = HeaderValues.createCached(HeaderNames.LOCATION, "/v1/users/me" + TOTP);
    private static final Header PRIVATE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "private, no-store");

    private static final ProblemType ENABLED =
            new ProblemType("second-factor-enabled", Status.CONFLICT_409, "There is a second factor");
    private static final ProblemType NOT_ENABLED =
            new ProblemType("second-factor-not-enabled", Status.CONFLICT_409, "There is no second factor");
    private static final ProblemType NOT_ENROLLING =
            new ProblemType("nothing-to-confirm", Status.CONFLICT_409, "Nothing waits for its confirmation");

    private final SecondFactors factors;
    private final SignIn signIn;
    private final Accounts accounts;
    private final BearerAuthentication bearer;
    private final Actors actors;
    private final JsonReader json;

    /** Collaborators. */
    public SecondFactorResource(
            SecondFactors factors,
            SignIn signIn,
            Accounts accounts,
            BearerAuthentication bearer,
            Actors actors,
            JsonReader json) {
        this.factors = factors;
        this.signIn = signIn;
        this.accounts = accounts;
        this.bearer = bearer;
        this.actors = actors;
        this.json = json;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get(TOTP, bearer.user(AccessToken.ACCOUNT_SCOPE, this::get))
                .post(TOTP, bearer.user(AccessToken.ACCOUNT_SCOPE, this::enrol))
                .post(TOTP + "/confirmation", bearer.user(AccessToken.ACCOUNT_SCOPE, this::enable))
                .delete(TOTP, bearer.user(AccessToken.ACCOUNT_SCOPE, this::disable))
                .post("/recovery-codes", bearer.user(AccessToken.ACCOUNT_SCOPE, this::replaceRecoveryCodes));
    }

    private void get(AccessToken caller, ServerRequest request, ServerResponse response) {
        Optional<Instant> enabledAt = factors.find(caller.userId()).flatMap(Factor::enabledAt);
        response.header(PRIVATE)
                .send(new FactorView(
                        enabledAt.isPresent(), enabledAt.orElse(null), factors.recoveryCodes(caller.userId())));
    }

    private void enrol(AccessToken caller, ServerRequest request, ServerResponse response) {
        Confirmation confirmation = confirmation(request);
        if (factors.isEnabled(caller.userId())) {
            throw alreadyEnabled();
        }
        Account account = confirm(confirmation, caller, request);
        Enrolment enrolment = factors.enrol(account).orElseThrow(SecondFactorResource::alreadyEnabled);
        response.status(Status.CREATED_201)
                .header(LOCATION)
                .header(CacheControl.NO_STORE)
                .send(enrolment);
    }

    private void enable(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        String code = body.required("code", SignInRequest::code);
        body.done();
        Factor proposed = factors.find(caller.userId())
                .filter(factor -> factor.enabledAt().isEmpty())
                .orElseThrow(() -> new ProblemException(
                        NOT_ENROLLING, "Begin with POST /v1/users/me/totp, or go on: the second factor is enabled."));
        List<String> recoveryCodes = factors.enable(proposed, code, actors.of(request, caller))
                .orElseThrow(() -> ProblemException.invalidField(FieldError.value(
                        "code", "This is not the code that the authenticator should show now; check its clock.")));
        response.header(CacheControl.NO_STORE).send(new RecoveryCodesView(recoveryCodes));
    }

    private void disable(AccessToken caller, ServerRequest request, ServerResponse response) {
        Confirmation confirmation = confirmation(request);
        if (factors.find(caller.userId()).isEmpty()) {
            throw nothingToDisable();
        }
        Account account = confirm(confirmation, caller, request);
        if (!factors.disable(account.id(), actors.of(request, caller))) {
            throw nothingToDisable();
        }
        response.status(Status.NO_CONTENT_204).send();
    }

    private void replaceRecoveryCodes(AccessToken caller, ServerRequest request, ServerResponse response) {
        Confirmation confirmation = confirmation(request);
        if (!factors.isEnabled(caller.userId())) {
            throw new ProblemException(NOT_ENABLED, "Begin with POST /v1/users/me/totp.");
        }
        Account account = confirm(confirmation, caller, request);
        List<String> recoveryCodes = factors.replaceRecoveryCodes(account.id(), actors.of(request, caller));
        response.header(CacheControl.NO_STORE).send(new RecoveryCodesView(recoveryCodes));
    }

    private Confirmation confirmation(ServerRequest request) {
        JsonFields body = json.fields(request);
        Password password = body.required("password", Password::of);
        Optional<String> code = body.optional("code", SignInRequest::code);
        body.done();
        return new Confirmation(password, code);
    }

    private Account confirm(Confirmation confirmation, AccessToken caller, ServerRequest request) {
        Account account = accounts.find(caller.userId())
                .orElseThrow(
                        () -> new ProblemException(ProblemType.NOT_FOUND, "This account does not exist any more."));
        Actor actor = actors.of(request, caller);
        signIn.confirm(account, confirmation.password(), confirmation.code(), actor);
        return account;
    }

    private static ProblemException alreadyEnabled() {
        return new ProblemException(ENABLED, "Take it away first, to enrol another authenticator.");
    }

    private static ProblemException nothingToDisable() {
        return new ProblemException(ProblemType.NOT_FOUND, "You have no second factor.");
    }

    /** What a person shows again, beside their access token. */
    private record Confirmation(Password password, Optional<String> code) {}

    /** How a second factor looks from outside; what is null is left out. */
    private record FactorView(boolean enabled, Instant enabledAt, int recoveryCodesLeft) {}

    private record RecoveryCodesView(List<String> recoveryCodes) {}
}
