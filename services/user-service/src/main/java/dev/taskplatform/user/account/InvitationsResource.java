// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.idempotency.Idempotency;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/admin/invitations}. */
public final class InvitationsResource implements HttpService {
    private static final Duration DEFAULT_LIFETIME = Duration.ofDays(7);
    private static final Duration MIN_LIFETIME = Duration.ofMinutes(1);
    private static final Duration MAX_LIFETIME = Duration.ofDays(90);
    private static final String LIST = "invitations";

    private static final ProblemType INVITATION_USED =
            new ProblemType("invitation-used", Status.CONFLICT_409, "Somebody has registered with the invitation");

    private final Invitations invitations;
    private final CursorCodec cursors;
    private final BearerAuthentication bearer;
    private final Idempotency idempotency;
    private final Actors actors;
    private final JsonReader json;

    /** Collaborators. */
    public InvitationsResource(
            Invitations invitations,
            CursorCodec cursors,
            BearerAuthentication bearer,
            Idempotency idempotency,
            Actors actors,
            JsonReader json) {
        this.invitations = invitations;
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
                .delete("/{id}", bearer.admin(this::revoke));
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        Optional<UUID> after = query.optional("cursor", text -> cursors.decodeId(LIST, text));
        query.done();
        // One more than asked for tells whether there is a next page.
        Page<Item> page =
                Page.of(invitations.list(after, limit + 1), limit, this::item, last -> cursors.encode(LIST, last.id()));
        page.link(request).ifPresent(response::header);
        response.header(CacheControl.NO_STORE).send(page);
    }

    private void create(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        Optional<String> email = body.optional("email", ProfileText::email);
        Optional<String> note = body.optional("note", ProfileText::note);
        Role role = body.optional("role", AccountResource::role).orElse(Role.USER);
        Duration expiresIn =
                body.optional("expiresIn", InvitationsResource::lifetime).orElse(DEFAULT_LIFETIME);
        body.done();
        Invitations.Created created = invitations.create(email, note, role, expiresIn, actors.of(request, caller));
        response.status(Status.CREATED_201)
                .header(
                        HeaderNames.LOCATION,
                        "/v1/admin/invitations/" + created.invitation().id())
                .header(CacheControl.NO_STORE)
                .send(item(created.invitation()).with(created.token()));
    }

    private void revoke(AccessToken caller, ServerRequest request, ServerResponse response) {
        Invitation invitation = invitations
                .revoke(PathParameters.uuid(request, "id"), actors.of(request, caller))
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "There is no such invitation."));
        if (invitation.usedAt().isPresent()) {
            throw new ProblemException(INVITATION_USED, "It is too late to revoke it; disable the account instead.");
        }
        response.status(Status.NO_CONTENT_204).send();
    }

    private static Duration lifetime(String text) {
        Duration lifetime;
        try {
            lifetime = Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new InvalidValueException("A duration has the form of ISO 8601, such as P7D or PT12H.");
        }
        if (lifetime.compareTo(MIN_LIFETIME) < 0 || lifetime.compareTo(MAX_LIFETIME) > 0) {
            throw new InvalidValueException("An invitation is valid for a minute (PT1M) to 90 days (P90D).");
        }
        return lifetime;
    }

    private Item item(Invitation invitation) {
        return new Item(
                invitation.id(),
                state(invitation),
                null,
                invitation.email().orElse(null),
                invitation.note().orElse(null),
                invitation.role().text(),
                invitation.createdBy(),
                invitation.createdAt(),
                invitation.expiresAt(),
                invitation.usedAt().orElse(null),
                invitation.usedBy().orElse(null),
                invitation.revokedAt().orElse(null));
    }

    private String state(Invitation invitation) {
        if (invitation.usedAt().isPresent()) {
            return "used";
        }
        if (invitation.revokedAt().isPresent()) {
            return "revoked";
        }
        return invitations.isOpen(invitation) ? "open" : "expired";
    }

    /**
     * How an invitation looks to administrators; what is null is not in JSON.
     *
     * @param token in the answer to its creation only
     */
    private record Item(
            UUID id,
            String state,
            String token,
            String email,
            String note,
            String role,
            UUID createdBy,
            Instant createdAt,
            Instant expiresAt,
            Instant usedAt,
            UUID usedBy,
            Instant revokedAt) {
        Item with(InvitationToken secret) {
            return new Item(
                    id,
                    state,
                    secret.value(),
                    email,
                    note,
                    role,
                    createdBy,
                    createdAt,
                    expiresAt,
                    usedAt,
                    usedBy,
                    revokedAt);
        }

        /** Leaves the secret out, so that it gets into no log. */
        @Override
        public String toString() {
            return "Item[" + id + "]";
        }
    }
}
