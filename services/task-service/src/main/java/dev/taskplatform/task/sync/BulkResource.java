// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.http.CacheControl;
import dev.taskplatform.kit.idempotency.Idempotency;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;

/** {@code /v1/tasks/bulk}: what a client did while it was offline, or to many tasks, in a request. */
public final class BulkResource implements HttpService {
    private static final String SCOPE = "tasks";

    private final Bulk bulk;
    private final BearerAuthentication bearer;
    private final Idempotency idempotency;
    private final JsonReader json;

    /** Collaborators. */
    public BulkResource(Bulk bulk, BearerAuthentication bearer, Idempotency idempotency, JsonReader json) {
        this.bulk = bulk;
        this.bearer = bearer;
        this.idempotency = idempotency;
        this.json = json;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", bearer.user(SCOPE, idempotency.on(this::run)));
    }

    private void run(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        BulkMode mode = body.required("mode", BulkMode::of);
        List<ObjectNode> operations = body.requiredObjects("operations", Bulk.MOST);
        body.done();
        response.header(CacheControl.NO_STORE).send(new View(bulk.run(caller.userId(), mode, operations)));
    }

    /** In the order of the operations. */
    private record View(List<BulkResult> results) {}
}
