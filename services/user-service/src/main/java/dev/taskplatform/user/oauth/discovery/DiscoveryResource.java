// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.discovery;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;

/** {@code /.well-known/oauth-authorization-server} and {@code /.well-known/openid-configuration}. */
public final class DiscoveryResource implements HttpService {
    private static final Header CACHEABLE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "public, max-age=300");
    /** Programs in browsers read them, too, whoever serves those. */
    private static final Header FOR_ALL_ORIGINS =
            HeaderValues.createCached(HeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*");

    private final Metadata metadata;

    /** @param metadata what the documents say */
    public DiscoveryResource(Metadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get(
                        "/.well-known/oauth-authorization-server",
                        (request, response) -> response.header(CACHEABLE)
                                .header(FOR_ALL_ORIGINS)
                                .send(metadata.ofAuthorizationServer()))
                .get(
                        "/.well-known/openid-configuration",
                        (request, response) -> response.header(CACHEABLE)
                                .header(FOR_ALL_ORIGINS)
                                .send(metadata.ofOpenIdProvider()));
    }
}
