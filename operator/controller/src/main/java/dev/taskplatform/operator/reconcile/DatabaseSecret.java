// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.api.DatabaseSpec;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.status.Problem;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Reads the Secret with the connection to PostgreSQL, which is the user's. It is read when a resource is reconciled and not kept, so
 * that the operator holds no Secrets of others in memory; a watch of metadata tells when one has changed.
 */
final class DatabaseSecret {

    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int MOST_PORT = 65_535;

    private final KubernetesClient client;

    DatabaseSecret(KubernetesClient client) {
        this.client = client;
    }

    /**
     * The connection that a Secret holds.
     *
     * @param problem what is wrong with it
     * @param values the parts of the connection in a fixed order; empty when something is wrong
     */
    record Connection(Optional<Problem> problem, List<byte[]> values) {

        private static final Connection NONE = new Connection(Optional.empty(), List.of());

        private static Connection bad(String reason, String message) {
            return new Connection(Optional.of(new Problem(reason, message)), List.of());
        }

        /**
         * @param key a secret key, so that nobody who sees the digest can try passwords on it
         * @return digest that is another one when the connection is
         */
        String digest(byte[] key) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                for (byte[] value : values) {
                    mac.update((value.length + ":").getBytes(StandardCharsets.US_ASCII));
                    mac.update(value);
                }
                return HexFormat.of().formatHex(mac.doFinal(), 0, 16);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every JVM has HmacSHA256", e);
            }
        }

        boolean isPresent() {
            return !values.isEmpty();
        }
    }

    /** @return the connection of a resource; without problem and values for one whose database is embedded */
    Connection read(TaskPlatform resource) {
        return postgres(resource)
                .map(postgres -> read(resource.getMetadata().getNamespace(), postgres))
                .orElse(Connection.NONE);
    }

    private static Optional<DatabaseSpec.Postgres> postgres(TaskPlatform resource) {
        return Optional.ofNullable(resource.getSpec().database()).map(DatabaseSpec::postgres);
    }

    private Connection read(String namespace, DatabaseSpec.Postgres postgres) {
        String name = postgres.secretName();
        Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
        if (secret == null) {
            return Connection.bad(
                    "DatabaseSecretNotFound",
                    "Secret %s in namespace %s, which database.postgres.secretName names, does not exist: create it"
                            .formatted(name, namespace));
        }
        Map<String, String> keys = keys(postgres);
        Map<String, byte[]> values = new LinkedHashMap<>();
        Map<String, String> data = Objects.requireNonNullElse(secret.getData(), Map.of());
        keys.forEach((part, key) -> Optional.ofNullable(data.get(key))
                .ifPresent(value -> values.put(part, Base64.getDecoder().decode(value))));
        String missing = keys.entrySet().stream()
                .filter(key -> !values.containsKey(key.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(", "));
        if (!missing.isEmpty()) {
            return Connection.bad(
                    "DatabaseSecretIncomplete",
                    "Secret %s in namespace %s has no key %s: add it, or name the right key in database.postgres.keys"
                            .formatted(name, namespace, missing));
        }
        return invalid(values)
                .map(part -> Connection.bad(
                        "DatabaseSecretInvalid",
                        "Secret %s in namespace %s: the value of key %s is %s"
                                .formatted(
                                        name,
                                        namespace,
                                        keys.get(part),
                                        part.equals("port") ? "no port number, 1 to 65535" : "empty")))
                .orElseGet(() -> new Connection(Optional.empty(), List.copyOf(values.values())));
    }

    private static Optional<String> invalid(Map<String, byte[]> values) {
        return values.entrySet().stream()
                .filter(entry -> {
                    String text = new String(entry.getValue(), StandardCharsets.UTF_8).strip();
                    return text.isEmpty()
                            || entry.getKey().equals("port")
                                    && !(PORT.matcher(text).matches() && Integer.parseInt(text) <= MOST_PORT);
                })
                .map(Map.Entry::getKey)
                .findFirst();
    }

    private static Map<String, String> keys(DatabaseSpec.Postgres postgres) {
        var keys = Objects.requireNonNullElseGet(
                postgres.keys(), () -> new DatabaseSpec.Keys(null, null, null, null, null));
        Map<String, String> names = new LinkedHashMap<>();
        names.put("host", Objects.requireNonNullElse(keys.host(), "host"));
        names.put("port", Objects.requireNonNullElse(keys.port(), "port"));
        names.put("dbname", Objects.requireNonNullElse(keys.dbname(), "dbname"));
        names.put("username", Objects.requireNonNullElse(keys.username(), "username"));
        names.put("password", Objects.requireNonNullElse(keys.password(), "password"));
        return names;
    }
}
