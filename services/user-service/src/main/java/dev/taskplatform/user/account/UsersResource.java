// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.http.EntityTags;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.idempotency.Idempotency;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.limit.RateLimiter;
import dev.taskplatform.user.password.Password;
import dev.taskplatform.user.password.PasswordPolicy;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** {@code /v1/users}: what people do with their own accounts. */
public final class UsersResource implements HttpService {
    private final Accounts accounts;
    private final Registration registration;
    private final AccountChanges changes;
    private final PasswordChanges passwordChanges;
    private final Deletions deletions;
    private final UsernamePolicy usernames;
    private final PasswordPolicy passwords;
    private final BearerAuthentication bearer;
    private final RateLimiter limiter;
    private final Idempotency idempotency;
    private final Actors actors;
    private final JsonReader json;

    /** Collaborators. */
    public UsersResource(
            Accounts accounts,
            Registration registration,
            AccountChanges changes,
            PasswordChanges passwordChanges,
            Deletions deletions,
            UsernamePolicy usernames,
            PasswordPolicy passwords,
            BearerAuthentication bearer,
            RateLimiter limiter,
            Idempotency idempotency,
            Actors actors,
            JsonReader json) {
        this.accounts = accounts;
        this.registration = registration;
        this.changes = changes;
        this.passwordChanges = passwordChanges;
        this.deletions = deletions;
        this.usernames = usernames;
        this.passwords = passwords;
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
                .patch("/me", bearer.user(AccessToken.ACCOUNT_SCOPE, this::change))
                .post("/me/password", bearer.user(AccessToken.ACCOUNT_SCOPE, this::changePassword))
                .post("/me/deletion", bearer.user(AccessToken.ACCOUNT_SCOPE, this::delete))
                .get("/{id}", bearer.user(AccessToken.ACCOUNT_SCOPE, this::get));
    }

    private String address(ServerRequest request) {
        return actors.of(request).address();
    }

    private void register(ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        Username username = body.required("username", usernames::accept);
        Optional<String> whose = Optional.ofNullable(username).map(Username::value);
        Password password = body.required("password", text -> passwords.accept(text, whose));
        Optional<InvitationToken> invitation = body.optional("invitation", InvitationToken::new);
        body.done();
        Account account = AccountResource.answer(
                        () -> registration.register(username, password, invitation, actors.of(request)))
                .orElseThrow(AccountResource::usernameTaken);
        response.status(Status.CREATED_201).header(HeaderNames.LOCATION, "/v1/users/" + account.id());
        send(account, response);
    }

    private void me(AccessToken caller, ServerRequest request, ServerResponse response) {
        show(caller.userId(), request, response);
    }

    /** One's own account, for administrators all: others do not exist for the caller. */
    private void get(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        if (!id.equals(caller.userId()) && !bearer.isAdministrator(caller)) {
            throw AccountResource.notFound();
        }
        show(id, request, response);
    }

    private void change(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = new JsonFields(json.mergePatch(request));
        AccountPatch patch = AccountPatch.ofProfile(
                AccountResource.patchField(body, "displayName", ProfileText::displayName),
                AccountResource.patchField(body, "email", ProfileText::email));
        body.done();
        Optional<Set<Long>> versions = Preconditions.requiredVersions(request.headers());
        Account account = AccountResource.answer(
                        () -> changes.change(caller.userId(), patch, versions, actors.of(request, caller)))
                .orElseThrow(AccountResource::notFound);
        send(account, response);
    }

    private void changePassword(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        Password current = body.required("currentPassword", Password::of);
        Optional<String> whose = Optional.ofNullable(caller.username());
        Password next = body.required("newPassword", text -> passwords.accept(text, whose));
        Optional<String> code = body.optional("code", Function.identity());
        body.done();
        Optional<UUID> session = Optional.ofNullable(caller.sessionId());
        Actor actor = actors.of(request, caller);
        if (!passwordChanges.change(caller.userId(), session, current, code, next, actor)) {
            throw AccountResource.notFound();
        }
        response.status(Status.NO_CONTENT_204).send();
    }

    private void delete(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        Password password = body.required("password", Password::of);
        Optional<String> code = body.optional("code", Function.identity());
        body.done();
        Deletion deletion = AccountResource.answer(
                        () -> deletions.deleteOwn(caller.userId(), password, code, actors.of(request, caller)))
                .orElseThrow(AccountResource::notFound);
        DeletionsResource.sendAccepted(deletion, response);
    }

    private void show(UUID id, ServerRequest request, ServerResponse response) {
        Account account = accounts.find(id).orElseThrow(AccountResource::notFound);
        if (!Preconditions.answerNotModified(
                EntityTags.ifNoneMatch(request.headers()),
                EntityTag.ofVersion(account.version()),
                CacheControl.REVALIDATE,
                response)) {
            send(account, response);
        }
    }

    private static void send(Account account, ServerResponse response) {
        response.header(EntityTag.ofVersion(account.version()).header())
                .header(CacheControl.REVALIDATE)
                .send(User.of(account));
    }

    /**
     * How an account looks to its owner.
     *
     * @param displayName null, and so not in JSON, when there is none
     * @param email null, and so not in JSON, when there is none
     */
    private record User(
            UUID id,
            String username,
            String displayName,
            String email,
            List<String> roles,
            Instant createdAt,
            Instant updatedAt) {
        static User of(Account account) {
            return new User(
                    account.id(),
                    account.username().value(),
                    account.displayName().orElse(null),
                    account.email().orElse(null),
                    Role.texts(account.roles()),
                    account.createdAt(),
                    account.updatedAt());
        }
    }
}
