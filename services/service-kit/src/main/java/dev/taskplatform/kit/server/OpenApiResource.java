// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The service's OpenAPI document, as it was written (YAML) or as JSON, by {@code Accept}. */
final class OpenApiResource implements HttpService {
    private static final String FILE = "META-INF/openapi.yaml";

    private final byte[] yaml;
    private final byte[] json;

    /** @throws IllegalStateException if the class path has no document */
    OpenApiResource(ObjectMapper mapper) {
        try (InputStream file = OpenApiResource.class.getClassLoader().getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("The class path has no " + FILE);
            }
            yaml = file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read", e);
        }
        Yaml parser = new Yaml(new SafeConstructor(new LoaderOptions()));
        try {
            json = mapper.writeValueAsBytes(parser.<Object>load(new String(yaml, StandardCharsets.UTF_8)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(FILE + " has no JSON form", e);
        }
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::get);
    }

    private void get(ServerRequest request, ServerResponse response) {
        MediaType type = request.headers()
                .bestAccepted(
                        MediaTypes.APPLICATION_OPENAPI_YAML,
                        MediaTypes.APPLICATION_OPENAPI_JSON,
                        MediaTypes.APPLICATION_YAML,
                        MediaTypes.APPLICATION_JSON)
                .orElse(MediaTypes.APPLICATION_OPENAPI_YAML);
        response.headers().contentType(type);
        response.header(HeaderValues.create(HeaderNames.VARY, "Accept"));
        response.send(type.subtype().endsWith("json") ? json : yaml);
    }
}
