// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.e2e.support.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in the registry: small images that run as nobody in particular. */
class ImagesIT {

    private static final long MAX_BYTES = 200L << 20;

    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    private final ObjectMapper json = new ObjectMapper();

    static Stream<String> images() {
        Environment environment = Environment.current();
        Assumptions.assumeTrue(environment.embedded(), "another registry may want credentials that this test has not");
        return Stream.of(environment.userServiceImage(), environment.taskServiceImage(), environment.operatorImage());
    }

    @ParameterizedTest
    @MethodSource("images")
    void isSmallAndNotRoot(String reference) throws Exception {
        String repository =
                reference.substring(reference.indexOf('/') + 1, reference.lastIndexOf(':', reference.indexOf('@')));
        JsonNode manifest =
                json.readTree(get(repository, "manifests", reference.substring(reference.indexOf('@') + 1)));
        JsonNode config = json.readTree(
                get(repository, "blobs", manifest.at("/config/digest").asText()));

        long size = 0;
        for (JsonNode layer : manifest.get("layers")) {
            size += unpackedSize(get(repository, "blobs", layer.get("digest").asText()));
        }

        assertThat(size).as("bytes unpacked").isBetween(1L, MAX_BYTES);
        assertThat(config.at("/config/User").asText()).isEqualTo("65532:65532");
        assertThat(config.at("/config/Env").toString()).doesNotContainIgnoringCase("password");
    }

    private InputStream get(String repository, String kind, String digest) throws IOException, InterruptedException {
        URI uri = URI.create(
                "http://" + Environment.current().registry() + "/v2/" + repository + "/" + kind + "/" + digest);
        HttpResponse<InputStream> response = http.send(
                HttpRequest.newBuilder(uri)
                        .header("Accept", "application/vnd.oci.image.manifest.v1+json, */*")
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).as(uri.toString()).isEqualTo(200);
        return response.body();
    }

    private static long unpackedSize(InputStream layer) throws IOException {
        try (GZIPInputStream unpacked = new GZIPInputStream(layer)) {
            return unpacked.transferTo(OutputStream.nullOutputStream());
        }
    }
}
