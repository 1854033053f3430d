// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import dev.taskplatform.operator.api.DatabaseSpec;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.status.Problem;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Checks the Secret with the connection to PostgreSQL, which is the user's. It is read when a resource is reconciled, rather than
 * watched, so that the operator holds no Secrets of others in memory; a resource whose Secret isn't right is looked at again soon.
 */
final class DatabaseSecret {

    private final KubernetesClient client;

    DatabaseSecret(KubernetesClient client) {
        this.client = client;
    }

    /** @return what is wrong with the Secret that the resource names, if it names one */
    Optional<Problem> check(TaskPlatform resource) {
        return Optional.ofNullable(resource.getSpec().database())
                .map(DatabaseSpec::postgres)
                .flatMap(postgres -> check(resource.getMetadata().getNamespace(), postgres));
    }

    private Optional<Problem> check(String namespace, DatabaseSpec.Postgres postgres) {
        String name = postgres.secretName();
        Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
        if (secret == null) {
            return Optional.of(new Problem(
                    "DatabaseSecretNotFound",
                    "Secret %s in namespace %s, which database.postgres.secretName names, does not exist: create it"
                            .formatted(name, namespace)));
        }
        Map<String, String> data = Objects.requireNonNullElse(secret.getData(), Map.of());
        List<String> missing =
                keys(postgres).filter(key -> !data.containsKey(key)).toList();
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(new Problem(
                        "DatabaseSecretIncomplete",
                        "Secret %s in namespace %s has no key %s: add it, or name the right key in database.postgres.keys"
                                .formatted(name, namespace, String.join(", ", missing))));
    }

    private static Stream<String> keys(DatabaseSpec.Postgres postgres) {
        var keys = Objects.requireNonNullElseGet(
                postgres.keys(), () -> new DatabaseSpec.Keys(null, null, null, null, null));
        return Stream.of(
                Objects.requireNonNullElse(keys.host(), "host"),
                Objects.requireNonNullElse(keys.port(), "port"),
                Objects.requireNonNullElse(keys.dbname(), "dbname"),
                Objects.requireNonNullElse(keys.username(), "username"),
                Objects.requireNonNullElse(keys.password(), "password"));
    }
}
