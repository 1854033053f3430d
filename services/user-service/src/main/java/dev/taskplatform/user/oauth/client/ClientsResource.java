// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.http.EntityTags;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.Preconditions;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** {@code /v1/admin/clients}. */
public final class ClientsResource implements HttpService {
    private static final ProblemType CLIENT_ID_TAKEN =
            new ProblemType("client-id-taken", Status.CONFLICT_409, "The client id is taken");

    private static final String ID_TOKEN_ALGORITHM = "idTokenSignedResponseAlg";
    private static final String CURSORS = "clients";

    private final Clients clients;
    private final BearerAuthentication bearer;
    private final Actors actors;
    private final CursorCodec cursors;
    private final JsonReader json;

    /** Collaborators. */
    public ClientsResource(
            Clients clients, BearerAuthentication bearer, Actors actors, CursorCodec cursors, JsonReader json) {
        this.clients = clients;
        this.bearer = bearer;
        this.actors = actors;
        this.cursors = cursors;
        this.json = json;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", bearer.admin(this::register))
                .get("/", bearer.admin(this::list))
                .get("/{id}", bearer.admin(this::get))
                .patch("/{id}", bearer.admin(this::change))
                .delete("/{id}", bearer.admin(this::remove))
                .post("/{id}/secret", bearer.admin(this::rotateSecret))
                .delete("/{id}/secret/previous", bearer.admin(this::endPreviousSecret));
    }

    private void register(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        Optional<String> id = body.optional("clientId", Clients::id);
        String name = body.required("name", ClientDraft::name);
        ClientType type = body.required("type", ClientType::of);
        List<String> redirectUris =
                body.<String>optionalList("redirectUris", text -> text).orElse(List.of());
        List<GrantType> grantTypes = body.requiredList("grantTypes", GrantType::of);
        List<String> scopes = body.requiredList("scopes", ClientDraft::scope);
        boolean firstParty = body.optionalBoolean("firstParty").orElse(false);
        IdTokenAlgorithm idTokenAlgorithm =
                body.optional(ID_TOKEN_ALGORITHM, IdTokenAlgorithm::of).orElse(IdTokenAlgorithm.RS256);
        body.done();
        ClientDraft draft = new ClientDraft(
                name, type, redirectUris, Set.copyOf(grantTypes), Set.copyOf(scopes), firstParty, idTokenAlgorithm);
        ClientWithSecret made = clients.register(id, draft, actors.of(request, caller))
                .orElseThrow(
                        () -> new ProblemException(CLIENT_ID_TAKEN, "Choose another id, or none to be given one."));
        response.header(
                HeaderNames.LOCATION, "/v1/admin/clients/" + made.client().id());
        send(made, response);
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        Optional<String> after = query.optional("cursor", this::position);
        query.done();
        // One more than asked for tells whether there is a next page.
        Page<View> page = Page.of(
                clients.list(after, limit + 1), limit, client -> View.of(client, Optional.empty()), this::cursor);
        page.link(request).ifPresent(response::header);
        response.header(CacheControl.REVALIDATE).send(page);
    }

    private void get(AccessToken caller, ServerRequest request, ServerResponse response) {
        Optional<EntityTags> known = EntityTags.ifNoneMatch(request.headers());
        Client client = clients.find(id(request)).orElseThrow(ClientsResource::notFound);
        if (!Preconditions.answerNotModified(
                known, EntityTag.ofVersion(client.version()), CacheControl.REVALIDATE, response)) {
            send(client, response);
        }
    }

    private void change(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = new JsonFields(json.mergePatch(request));
        Optional<String> name = body.optional("name", ClientDraft::name);
        Optional<List<String>> redirectUris = body.optionalList("redirectUris", text -> text);
        Optional<List<GrantType>> grantTypes = body.optionalList("grantTypes", GrantType::of);
        Optional<List<String>> scopes = body.optionalList("scopes", ClientDraft::scope);
        Optional<Boolean> firstParty = body.optionalBoolean("firstParty");
        Optional<IdTokenAlgorithm> idTokenAlgorithm = body.optional(ID_TOKEN_ALGORITHM, IdTokenAlgorithm::of);
        body.done();
        Optional<Set<Long>> versions = Preconditions.requiredVersions(request.headers());
        send(
                current(() -> clients.change(
                                id(request),
                                versions,
                                old -> new ClientDraft(
                                        name.orElse(old.name()),
                                        old.type(),
                                        redirectUris.orElseGet(() -> old.redirectUris().stream()
                                                .map(RedirectUri::value)
                                                .toList()),
                                        grantTypes
                                                .<Set<GrantType>>map(Set::copyOf)
                                                .orElse(old.grantTypes()),
                                        scopes.<Set<String>>map(Set::copyOf).orElse(old.scopes()),
                                        firstParty.orElse(old.firstParty()),
                                        idTokenAlgorithm.orElse(old.idTokenAlgorithm())),
                                actors.of(request, caller))
                        .orElseThrow(ClientsResource::notFound)),
                response);
    }

    private void remove(AccessToken caller, ServerRequest request, ServerResponse response) {
        if (!current(() -> clients.remove(
                id(request), Preconditions.requiredVersions(request.headers()), actors.of(request, caller)))) {
            throw notFound();
        }
        response.status(Status.NO_CONTENT_204).send();
    }

    private void rotateSecret(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        Duration overlap = body.optional("overlap", Clients::overlap).orElse(Clients.DEFAULT_OVERLAP);
        body.done();
        Optional<Set<Long>> versions = Preconditions.requiredVersions(request.headers());
        send(
                current(() -> clients.rotateSecret(id(request), versions, overlap, actors.of(request, caller))
                        .orElseThrow(ClientsResource::notFound)),
                response);
    }

    private void endPreviousSecret(AccessToken caller, ServerRequest request, ServerResponse response) {
        send(
                current(() -> clients.endPreviousSecret(
                                id(request),
                                Preconditions.requiredVersions(request.headers()),
                                actors.of(request, caller))
                        .orElseThrow(ClientsResource::notFound)),
                response);
    }

    /** Does what the model refuses when the client has changed. */
    private static <T> T current(Supplier<T> work) {
        try {
            return work.get();
        } catch (StaleVersionException e) {
            throw Preconditions.failed();
        }
    }

    private void send(Client client, ServerResponse response) {
        response.header(EntityTag.ofVersion(client.version()).header())
                .header(CacheControl.REVALIDATE)
                .send(View.of(client, clients.previousSecretEnds(client.id())));
    }

    private void send(ClientWithSecret made, ServerResponse response) {
        Client client = made.client();
        response.status(Status.CREATED_201)
                .header(EntityTag.ofVersion(client.version()).header())
                .header(CacheControl.NO_STORE)
                .send(new WithSecret(
                        View.of(client, clients.previousSecretEnds(client.id())),
                        made.secret().orElse(null)));
    }

    private static String id(ServerRequest request) {
        String id = request.path().pathParameters().get("id");
        // PostgreSQL has no U+0000.
        if (id.indexOf('\0') >= 0) {
            throw notFound();
        }
        return id;
    }

    private String cursor(Client last) {
        return cursors.encode(CURSORS, last.id().getBytes(StandardCharsets.US_ASCII));
    }

    private String position(String cursor) {
        return new String(cursors.decode(CURSORS, cursor), StandardCharsets.US_ASCII);
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemType.NOT_FOUND, "There is no such client.");
    }

    /** How a client looks from outside. */
    private record View(
            String clientId,
            String name,
            String type,
            List<String> redirectUris,
            List<String> grantTypes,
            List<String> scopes,
            boolean firstParty,
            String idTokenSignedResponseAlg,
            Instant previousSecretExpiresAt,
            Instant createdAt,
            Instant updatedAt) {
        static View of(Client client, Optional<Instant> previousSecretEnds) {
            return new View(
                    client.id(),
                    client.name(),
                    client.type().text(),
                    client.redirectUris().stream().map(RedirectUri::value).toList(),
                    client.grantTypes().stream().map(GrantType::text).sorted().toList(),
                    client.scopes().stream().sorted().toList(),
                    client.firstParty(),
                    client.idTokenAlgorithm().text(),
                    previousSecretEnds.orElse(null),
                    client.createdAt(),
                    client.updatedAt());
        }
    }

    private record WithSecret(@JsonUnwrapped View client, String clientSecret) {}
}
