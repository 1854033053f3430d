// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.http.EntityTags;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.idempotency.Idempotency;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.problem.InvalidValueException;
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

/** {@code /v1/admin/users}: what administrators do with all accounts. */
public final class AdminUsersResource implements HttpService {
    private static final int MAX_SEARCH = 128;

    private final Accounts accounts;
    private final Registration registration;
    private final AccountChanges changes;
    private final Deletions deletions;
    private final UsernamePolicy usernames;
    private final PasswordPolicy passwords;
    private final CursorCodec cursors;
    private final BearerAuthentication bearer;
    private final Idempotency idempotency;
    private final Actors actors;
    private final JsonReader json;

    /** Collaborators. */
    public AdminUsersResource(
            Accounts accounts,
            Registration registration,
            AccountChanges changes,
            Deletions deletions,
            UsernamePolicy usernames,
            PasswordPolicy passwords,
            CursorCodec cursors,
            BearerAuthentication bearer,
            Idempotency idempotency,
            Actors actors,
            JsonReader json) {
        this.accounts = accounts;
        this.registration = registration;
        this.changes = changes;
        this.deletions = deletions;
        this.usernames = usernames;
        this.passwords = passwords;
        this.cursors = cursors;
        this.bearer = bearer;
        this.idempotency = idempotency;
        this.actors = actors;
        this.json = json;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", bearer.admin(this::list))
                .post("/", bearer.admin(idempotency.on(this::create)))
                .get("/{id}", bearer.admin(this::get))
                .patch("/{id}", bearer.admin(this::change))
                .delete("/{id}", bearer.admin(this::delete))
                .post("/{id}/unlock", bearer.admin(this::unlock))
                .delete("/{id}/sessions", bearer.admin(this::signOut));
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        AccountFilter filter = new AccountFilter(
                query.optional("q", AdminUsersResource::search),
                query.optional("status", AccountStatus::of),
                query.optional("role", AccountResource::role));
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        Optional<AccountPosition> after =
                query.optional("cursor", text -> AccountPosition.from(cursors.decode(filter.name(), text)));
        query.done();
        // One more than asked for tells whether there is a next page.
        Page<User> page = Page.of(
                accounts.list(filter, after, limit + 1),
                limit,
                User::of,
                last -> cursors.encode(
                        filter.name(), AccountPosition.of(last, filter).toBytes()));
        page.link(request).ifPresent(response::header);
        response.header(CacheControl.REVALIDATE).send(page);
    }

    private void create(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        Username username = body.required("username", usernames::accept);
        Optional<String> whose = Optional.ofNullable(username).map(Username::value);
        Password password = body.required("password", text -> passwords.accept(text, whose));
        Registration.Profile profile = new Registration.Profile(
                body.optional("displayName", ProfileText::displayName), body.optional("email", ProfileText::email));
        Set<Role> roles = AccountResource.roles(body).orElse(Set.of(Role.USER));
        body.done();
        Account account = registration
                .create(username, password, roles, profile, actors.of(request, caller))
                .orElseThrow(AccountResource::usernameTaken);
        response.status(Status.CREATED_201).header(HeaderNames.LOCATION, "/v1/admin/users/" + account.id());
        send(account, response);
    }

    private void get(AccessToken caller, ServerRequest request, ServerResponse response) {
        Account account = accounts.find(PathParameters.uuid(request, "id")).orElseThrow(AccountResource::notFound);
        if (!Preconditions.answerNotModified(
                EntityTags.ifNoneMatch(request.headers()),
                EntityTag.ofVersion(account.version()),
                CacheControl.REVALIDATE,
                response)) {
            send(account, response);
        }
    }

    private void change(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        JsonFields body = new JsonFields(json.mergePatch(request));
        AccountPatch patch = new AccountPatch(
                AccountResource.patchField(body, "displayName", ProfileText::displayName),
                AccountResource.patchField(body, "email", ProfileText::email),
                AccountResource.roles(body),
                body.optionalBoolean("disabled"));
        body.done();
        Optional<Set<Long>> versions = Preconditions.requiredVersions(request.headers());
        Account account = AccountResource.answer(() -> changes.change(id, patch, versions, actors.of(request, caller)))
                .orElseThrow(AccountResource::notFound);
        send(account, response);
    }

    private void delete(AccessToken caller, ServerRequest request, ServerResponse response) {
        UUID id = PathParameters.uuid(request, "id");
        Optional<Set<Long>> versions = Preconditions.versions(request.headers());
        Deletion deletion = AccountResource.answer(() -> deletions.delete(id, versions, actors.of(request, caller)))
                .orElseThrow(AccountResource::notFound);
        DeletionsResource.sendAccepted(deletion, response);
    }

    private void unlock(AccessToken caller, ServerRequest request, ServerResponse response) {
        if (!changes.unlock(PathParameters.uuid(request, "id"), actors.of(request, caller))) {
            throw AccountResource.notFound();
        }
        response.status(Status.NO_CONTENT_204).send();
    }

    private void signOut(AccessToken caller, ServerRequest request, ServerResponse response) {
        if (!changes.signOut(PathParameters.uuid(request, "id"), actors.of(request, caller))) {
            throw AccountResource.notFound();
        }
        response.status(Status.NO_CONTENT_204).send();
    }

    private static String search(String text) {
        if (text.isEmpty() || text.codePointCount(0, text.length()) > MAX_SEARCH) {
            throw new InvalidValueException("What is looked for has 1 to " + MAX_SEARCH + " characters.");
        }
        if (text.indexOf('\0') >= 0) {
            throw new InvalidValueException("No name has U+0000.");
        }
        return AccountFilter.prefix(text);
    }

    private static void send(Account account, ServerResponse response) {
        response.header(EntityTag.ofVersion(account.version()).header())
                .header(CacheControl.REVALIDATE)
                .send(User.of(account));
    }

    /**
     * How an account looks to administrators.
     *
     * @param displayName null, and so not in JSON, when there is none
     * @param email null, and so not in JSON, when there is none
     * @param disabledAt null, and so not in JSON, unless it is disabled
     */
    private record User(
            UUID id,
            String username,
            String displayName,
            String email,
            List<String> roles,
            boolean disabled,
            Instant disabledAt,
            Instant passwordChangedAt,
            Instant createdAt,
            Instant updatedAt) {
        static User of(Account account) {
            return new User(
                    account.id(),
                    account.username().value(),
                    account.displayName().orElse(null),
                    account.email().orElse(null),
                    Role.texts(account.roles()),
                    account.isDisabled(),
                    account.disabledAt().orElse(null),
                    account.passwordChangedAt(),
                    account.createdAt(),
                    account.updatedAt());
        }
    }
}
