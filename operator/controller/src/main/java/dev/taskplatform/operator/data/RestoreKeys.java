// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.data;

import dev.taskplatform.operator.api.DatabaseSpec.Restore;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.apply.KeySecret;
import dev.taskplatform.operator.status.Problem;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Optional;

/** Finds the encryption keys that a restored database needs: those of the resource that was backed up. */
public final class RestoreKeys {

    private final KubernetesClient client;

    /** @param client access to the cluster */
    public RestoreKeys(KubernetesClient client) {
        this.client = client;
    }

    /**
     * Keys of another resource.
     *
     * @param problem why there are none that can be used
     * @param data the Secret's, encoded as they are there
     */
    public record Found(Optional<Problem> problem, Optional<Map<String, String>> data) {

        /** None are needed. */
        public static final Found NONE = new Found(Optional.empty(), Optional.empty());

        private static Found bad(String reason, String message, String... arguments) {
            return new Found(
                    Optional.of(new Problem(reason, message.formatted((Object[]) arguments))), Optional.empty());
        }

        /** Without it, a dump of an object would show keys. */
        @Override
        public String toString() {
            return "Found[problem=%s]".formatted(problem);
        }
    }

    /**
     * @param resource a resource that begins with a backup
     * @param restore which one
     */
    public Found read(TaskPlatform resource, Restore restore) {
        String namespace = resource.getMetadata().getNamespace();
        String source = Optional.ofNullable(restore.keysSecretName()).orElseGet(() -> defaultName(restore.backup()));
        String own = KeySecret.nameFor(resource);
        Map<String, String> data = data(namespace, source);
        if (data == null) {
            return Found.bad(
                    "RestoreKeysNotFound",
                    "Secret %s in namespace %s has no encryption keys, and without those of the TaskPlatform that was backed up"
                            + " its backup can't be read: copy the Secret, or name it in"
                            + " spec.database.embedded.restore.keysSecretName",
                    source,
                    namespace);
        }
        Map<String, String> present = source.equals(own) ? data : data(namespace, own);
        if (present != null && !present.equals(data)) {
            return Found.bad(
                    "RestoreKeysDiffer",
                    "Secret %s in namespace %s has other encryption keys than Secret %s, and the backup can't be read by them:"
                            + " delete it if no data needs it, or choose another name for the TaskPlatform",
                    own,
                    namespace,
                    source);
        }
        return new Found(Optional.empty(), Optional.of(data));
    }

    private Map<String, String> data(String namespace, String name) {
        Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
        return secret == null || !KeySecret.isUsable(secret.getData()) ? null : secret.getData();
    }

    /** NAMESPACE/NAME/BACKUP, where there may be more between. */
    private static String defaultName(String backup) {
        return backup.split("/", 3)[1] + "-keys";
    }
}
