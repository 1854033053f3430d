// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.transfer;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.http.QueryParameters;
import dev.taskplatform.kit.id.UuidText;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import dev.taskplatform.task.list.TaskList;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** {@code /v1/export}: all that the caller can see, in a file. */
public final class ExportResource implements HttpService {
    private static final String SCOPE = "tasks";

    private final Export export;
    private final BearerAuthentication bearer;

    /** Collaborators. */
    public ExportResource(Export export, BearerAuthentication bearer) {
        this.export = export;
        this.bearer = bearer;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", bearer.user(SCOPE, this::export));
    }

    private void export(AccessToken caller, ServerRequest request, ServerResponse response) throws IOException {
        QueryParameters query = new QueryParameters(request.query());
        FileFormat format = query.optional("format", FileFormat::of).orElse(FileFormat.JSON);
        Optional<UUID> only = query.optional("listId", UuidText::of);
        query.done();
        List<TaskList> lists = export.lists(caller.userId(), only);
        if (only.isPresent() && lists.isEmpty()) {
            throw new ProblemException(ProblemType.NOT_FOUND, "There is no such list that you may see.");
        }
        response.header(HeaderValues.create(HeaderNames.CONTENT_TYPE, format.mediaType() + "; charset=utf-8"))
                .header(HeaderValues.create(
                        HeaderNames.CONTENT_DISPOSITION, "attachment; filename=\"tasks." + format.extension() + "\""))
                .header(CacheControl.NO_STORE);
        // What fails from here on cuts the answer off, which a client sees by its missing end.
        try (OutputStream out = response.outputStream()) {
            export.write(caller.userId(), lists, format, out);
        }
    }
}
