// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import dev.taskplatform.kit.observe.Meters;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;

/** Metrics for Prometheus to scrape. */
final class MetricsResource implements HttpService {
    private static final Header PROMETHEUS_TEXT =
            HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");

    private final Meters meters;

    MetricsResource(Meters meters) {
        this.meters = meters;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::get);
    }

    private void get(ServerRequest request, ServerResponse response) {
        response.header(PROMETHEUS_TEXT).send(meters.scrape());
    }
}
