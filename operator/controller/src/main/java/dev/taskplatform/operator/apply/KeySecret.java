// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import dev.taskplatform.operator.api.TaskPlatform;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The Secret {@code NAME-keys} with the keys that encrypt the user service's signing keys and the task service's secrets of
 * webhooks, each the base64 of 32 random bytes, made once.
 * What exists is never overwritten, since what it encrypted would be lost.
 */
public final class KeySecret {

    static final String KEY = "encryption-key";
    private static final String TASK_KEY = "task-encryption-key";
    private static final int BYTES = 32;

    private final SecureRandom random;

    /** @param random source of new keys */
    public KeySecret(SecureRandom random) {
        this.random = random;
    }

    /**
     * @param owner a resource
     * @return name of its Secret
     */
    public static String nameFor(TaskPlatform owner) {
        return owner.getMetadata().getName() + "-keys";
    }

    /**
     * @param existing the Secret that there is
     * @param given keys of another resource, whose data this one gets
     * @return the Secret as it should be: with the keys that it has, else those given, else new ones
     */
    GenericKubernetesResource desired(
            TaskPlatform owner, Optional<GenericKubernetesResource> existing, Optional<Map<String, String>> given) {
        var secret = new GenericKubernetesResource();
        secret.setApiVersion("v1");
        secret.setKind(Kinds.SECRET.getKind());
        secret.setMetadata(new ObjectMetaBuilder()
                .withName(nameFor(owner))
                .withNamespace(owner.getMetadata().getNamespace())
                .addToLabels(Labels.NAME, "taskplatform")
                .addToLabels(Labels.INSTANCE, owner.getMetadata().getName())
                .addToLabels("app.kubernetes.io/part-of", "taskplatform")
                .build());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "Opaque");
        fields.put("immutable", true);
        fields.put(
                "data",
                existing.map(found -> found.<Object>get("data")).orElseGet(() -> given.orElseGet(this::newKeys)));
        secret.setAdditionalProperties(fields);
        return secret;
    }

    /**
     * @param data of a Secret, encoded as it is there
     * @return whether the user service's key is in it
     */
    public static boolean isUsable(Map<String, String> data) {
        return data != null && key(data.get(KEY)).isPresent();
    }

    /** @return the user service's key in the Secret; empty when there is none that can be used */
    static Optional<byte[]> key(GenericKubernetesResource secret) {
        return key(secret.<String>get("data", KEY));
    }

    private static Optional<byte[]> key(String encoded) {
        if (encoded == null) {
            return Optional.empty();
        }
        try {
            String value = new String(Base64.getDecoder().decode(encoded), StandardCharsets.US_ASCII);
            return Optional.of(Base64.getDecoder().decode(value.strip())).filter(key -> key.length == BYTES);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Map<String, String> newKeys() {
        return Map.of(KEY, newKey(), TASK_KEY, newKey());
    }

    private String newKey() {
        byte[] key = new byte[BYTES];
        random.nextBytes(key);
        byte[] value = Base64.getEncoder().encode(key);
        return Base64.getEncoder().encodeToString(value);
    }
}
