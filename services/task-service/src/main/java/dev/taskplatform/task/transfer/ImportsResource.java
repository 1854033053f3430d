// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.Page;
import dev.taskplatform.kit.http.PageLimit;
import dev.taskplatform.kit.http.PathParameters;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.http.RequestBody;
import dev.taskplatform.kit.id.UuidText;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.cursor.SharedCursors;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpMediaType;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** {@code /v1/imports}: files that become tasks of the caller's. */
public final class ImportsResource implements HttpService {
    private static final String SCOPE = "tasks";
    private static final String TYPES =
            Arrays.stream(FileFormat.values()).map(FileFormat::mediaType).collect(Collectors.joining(", "));

    private final Imports imports;
    private final SharedCursors cursors;
    private final BearerAuthentication bearer;

    /** Collaborators. */
    public ImportsResource(Imports imports, SharedCursors cursors, BearerAuthentication bearer) {
        this.imports = imports;
        this.cursors = cursors;
        this.bearer = bearer;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", bearer.user(SCOPE, this::receive))
                .get("/", bearer.user(SCOPE, this::list))
                .get("/{id}", bearer.user(SCOPE, this::get))
                .delete("/{id}", bearer.user(SCOPE, this::cancel));
    }

    private void receive(AccessToken caller, ServerRequest request, ServerResponse response) throws IOException {
        QueryParameters query = new QueryParameters(request.query());
        Optional<UUID> list = query.optional("listId", UuidText::of);
        query.done();
        FileFormat format = format(request);
        Import begun;
        try (InputStream file = RequestBody.stream(request)) {
            begun = imports.receive(caller.userId(), format, list, file);
        }
        response.status(Status.ACCEPTED_202)
                .header(HeaderNames.LOCATION, "/v1/imports/" + begun.id())
                .header(CacheControl.NO_STORE)
                .send(begun);
    }

    private static FileFormat format(ServerRequest request) {
        Optional<HttpMediaType> type;
        try {
            type = request.headers().contentType();
        } catch (IllegalArgumentException e) {
            type = Optional.empty();
        }
        return type.filter(
                        known -> known.charset().map("utf-8"::equalsIgnoreCase).orElse(true))
                .flatMap(known -> FileFormat.ofMediaType(known.mediaType().text()))
                .orElseThrow(() -> new ProblemException(
                                ProblemType.UNSUPPORTED_MEDIA_TYPE,
                                "Send the file with a Content-Type of %s, encoded in UTF-8.".formatted(TYPES))
                        .with(HeaderValues.create(HeaderNames.ACCEPT, TYPES)));
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        QueryParameters query = new QueryParameters(request.query());
        int limit = query.optional("limit", PageLimit::of).orElse(PageLimit.DEFAULT);
        String name = "imports of " + caller.userId();
        Optional<UUID> before = query.optional("cursor", text -> cursors.codec().decodeId(name, text));
        query.done();
        Page<Import> page = Page.of(
                imports.list(caller.userId(), before, limit + 1),
                limit,
                view -> view,
                last -> cursors.codec().encode(name, last.id()));
        page.link(request).ifPresent(response::header);
        response.header(CacheControl.NO_STORE).send(page);
    }

    private void get(AccessToken caller, ServerRequest request, ServerResponse response) {
        response.header(CacheControl.NO_STORE).send(imports.get(caller.userId(), PathParameters.uuid(request, "id")));
    }

    private void cancel(AccessToken caller, ServerRequest request, ServerResponse response) {
        imports.cancel(caller.userId(), PathParameters.uuid(request, "id"));
        response.status(Status.NO_CONTENT_204).send();
    }
}
