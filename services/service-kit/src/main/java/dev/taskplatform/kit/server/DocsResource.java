// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** A page to explore and try the API: swagger-ui out of its webjar, nothing from elsewhere. */
final class DocsResource implements HttpService {
    private static final String WEBJAR = "META-INF/maven/org.webjars/swagger-ui/pom.properties";
    private static final String OWN = "dev/taskplatform/kit/server/docs/";

    private final String assets;

    /** @throws IllegalStateException if the class path has no swagger-ui */
    DocsResource() {
        Properties webjar = new Properties();
        try (InputStream file = open(WEBJAR)) {
            webjar.load(file);
        } catch (IOException e) {
            throw new UncheckedIOException(WEBJAR + " cannot be read", e);
        }
        assets = "META-INF/resources/webjars/swagger-ui/" + webjar.getProperty("version") + "/";
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", (request, response) -> send(response, OWN + "index.html", MediaTypes.TEXT_HTML))
                .get("/start.js", (request, response) -> send(response, OWN + "start.js", javascript()))
                .get(
                        "/swagger-ui.css",
                        (request, response) -> send(response, assets + "swagger-ui.css", MediaTypes.create("text/css")))
                .get(
                        "/swagger-ui-bundle.js",
                        (request, response) -> send(response, assets + "swagger-ui-bundle.js", javascript()));
    }

    private static MediaType javascript() {
        return MediaTypes.create("text/javascript");
    }

    private static void send(ServerResponse response, String file, MediaType type) {
        response.headers().contentType(type);
        response.header(HeaderValues.create(HeaderNames.CACHE_CONTROL, "max-age=3600"));
        response.header(HeaderValues.create(
                "Content-Security-Policy",
                "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"));
        try (InputStream in = open(file)) {
            response.send(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    private static InputStream open(String file) {
        InputStream in = DocsResource.class.getClassLoader().getResourceAsStream(file);
        if (in == null) {
            throw new IllegalStateException("The class path has no " + file);
        }
        return in;
    }
}
