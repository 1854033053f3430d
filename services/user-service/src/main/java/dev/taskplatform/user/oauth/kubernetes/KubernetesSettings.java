// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.kubernetes;

import io.helidon.config.Config;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Settings under {@code oauth.kubernetes}.
 *
 * @param issuer exact {@code iss}; empty asks the API server, at {@code /.well-known/openid-configuration} of the host of
 *     {@code jwksUri}
 * @param audience must be among {@code aud}
 * @param jwksUri where the keys are
 * @param caFile certificates (PEM) that the API server's is signed by; empty means the JVM's
 * @param tokenFile what the API server is asked with; empty asks without
 * @param timeout of a request to the API server
 * @param serviceAccounts who is let in as what; nobody unless named
 */
public record KubernetesSettings(
        Optional<String> issuer,
        String audience,
        URI jwksUri,
        Optional<Path> caFile,
        Optional<Path> tokenFile,
        Duration timeout,
        List<Workload> serviceAccounts) {
    private static final String KEY = "oauth.kubernetes.";
    private static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);

    /** @throws IllegalArgumentException naming the setting that is wrong */
    public KubernetesSettings {
        if (audience.isBlank()) {
            throw new IllegalArgumentException(KEY + "audience: must not be empty");
        }
        if (!"https".equals(jwksUri.getScheme()) && !"http".equals(jwksUri.getScheme()) || jwksUri.getHost() == null) {
            throw new IllegalArgumentException(
                    KEY + "jwks-uri: must be an http or https URL, but is '%s'".formatted(jwksUri));
        }
        if (!timeout.isPositive() || timeout.compareTo(MAX_TIMEOUT) > 0) {
            throw new IllegalArgumentException(
                    KEY + "timeout: must be longer than 0 and at most %s, but is %s".formatted(MAX_TIMEOUT, timeout));
        }
        serviceAccounts = List.copyOf(serviceAccounts);
        Set<String> subjects = new HashSet<>();
        for (Workload workload : serviceAccounts) {
            if (!subjects.add(workload.subject())) {
                throw new IllegalArgumentException(
                        KEY + "service-accounts: %s is there twice".formatted(workload.subject()));
            }
        }
    }

    /**
     * @param config the node {@code oauth.kubernetes}
     * @param ownIssuer the audience unless one is set
     * @throws IllegalArgumentException naming the setting that is wrong
     */
    public static KubernetesSettings from(Config config, String ownIssuer) {
        List<Workload> workloads = new ArrayList<>();
        for (Config node : config.get("service-accounts").asNodeList().orElse(List.of())) {
            workloads.add(Workload.from(node));
        }
        return new KubernetesSettings(
                text(config, "issuer"),
                text(config, "audience").orElse(ownIssuer),
                config.get("jwks-uri").as(URI.class).get(),
                text(config, "ca-file").map(Path::of),
                text(config, "token-file").map(Path::of),
                config.get("timeout").as(Duration.class).get(),
                workloads);
    }

    private static Optional<String> text(Config config, String key) {
        return config.get(key).asString().asOptional().filter(text -> !text.isBlank());
    }
}
