// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.Map;

/** Which program this is. */
final class InfoResource implements HttpService {
    private final Map<String, String> info;

    InfoResource(String name, String version) {
        this.info = Map.of(
                "name", name, "version", version, "java", Runtime.version().toString());
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::get);
    }

    private void get(ServerRequest request, ServerResponse response) {
        response.send(info);
    }
}
