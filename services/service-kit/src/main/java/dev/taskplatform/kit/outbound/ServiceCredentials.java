// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import io.helidon.config.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a service proves with who it is. Files are read for each request: they may be replaced at any time, as kubelet does
 * with projected tokens.
 */
public sealed interface ServiceCredentials {

    /**
     * The token of the pod's ServiceAccount, as {@code client_assertion} (RFC 7523, section 2.2).
     *
     * @param file has the token
     */
    record Assertion(Path file) implements ServiceCredentials {
        private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

        @Override
        public PeerRequest request(String path, Map<String, String> fields) {
            Map<String, String> form = new LinkedHashMap<>(fields);
            form.put("client_assertion_type", TYPE);
            form.put("client_assertion", ServiceCredentials.read(file));
            return PeerRequest.form(path, form);
        }
    }

    /**
     * A registered client's secret, as {@code client_secret_basic} (RFC 6749, section 2.3.1).
     *
     * @param clientId its name
     * @param file has the secret; an end of line after it does not count
     */
    record Secret(String clientId, Path file) implements ServiceCredentials {
        @Override
        public PeerRequest request(String path, Map<String, String> fields) {
            String pair = PeerRequest.encoded(clientId) + ":" + PeerRequest.encoded(ServiceCredentials.read(file));
            String basic = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
            return PeerRequest.form(path, fields).with("Authorization", "Basic " + basic);
        }
    }

    /**
     * The credentials under {@code token-file}, or {@code client-id} and {@code client-secret-file}.
     *
     * @return empty when none of these is set
     * @throws IllegalArgumentException naming the keys, when they do not go together
     */
    static Optional<ServiceCredentials> from(Config config) {
        Optional<String> token = text(config, "token-file");
        Optional<String> id = text(config, "client-id");
        Optional<String> secret = text(config, "client-secret-file");
        if (token.isPresent() && (id.isPresent() || secret.isPresent())) {
            throw new IllegalArgumentException(
                    "%1$s.token-file: set either this or %1$s.client-id and %1$s.client-secret-file"
                            .formatted(config.key()));
        }
        if (id.isPresent() != secret.isPresent()) {
            throw new IllegalArgumentException(
                    "%1$s.client-id and %1$s.client-secret-file: set both or neither".formatted(config.key()));
        }
        return token.<ServiceCredentials>map(file -> new Assertion(Path.of(file)))
                .or(() -> id.map(name -> new Secret(name, Path.of(secret.orElseThrow()))));
    }

    /**
     * A request for a token that proves who asks.
     *
     * @throws ServiceTokenException when the file can't be read
     */
    PeerRequest request(String path, Map<String, String> fields);

    private static String read(Path file) {
        try {
            String content = Files.readString(file, StandardCharsets.US_ASCII).strip();
            if (content.isEmpty()) {
                throw new ServiceTokenException("There is nothing in " + file, null);
            }
            return content;
        } catch (IOException e) {
            throw new ServiceTokenException(
                    "Cannot read %s: %s".formatted(file, e.getClass().getSimpleName()), e);
        }
    }

    private static Optional<String> text(Config config, String key) {
        return config.get(key).asString().asOptional().filter(text -> !text.isBlank());
    }
}
