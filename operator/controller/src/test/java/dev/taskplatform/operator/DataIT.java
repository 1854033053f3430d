// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.operator.api.TaskPlatform;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What holds data: the volume claims and the encryption key. */
class DataIT extends OnKubeApi {

    DataIT(KubeApi.Server api) {
        super(api);
    }

    @Test
    void theKeyIs32RandomBytesAndIsNeverReplaced() {
        createReady("demo", EMBEDDED);
        createReady("other", EMBEDDED);
        String key = key("demo");

        assertThat(Base64.getDecoder().decode(new String(Base64.getDecoder().decode(key), StandardCharsets.US_ASCII)))
                .hasSize(32);
        assertThat(key).isNotEqualTo(key("other"));

        patch("demo", "{\"deletionPolicy\": \"Delete\"}");
        await().atMost(SOON)
                .until(() -> !secret("demo").getMetadata().getOwnerReferences().isEmpty());
        assertThat(key("demo")).isEqualTo(key);
    }

    @Test
    void dataHasNoOwnerUnderRetainAndEverythingElseHas() {
        TaskPlatform resource = createReady("demo", EMBEDDED);

        assertThat(data())
                .hasSize(3)
                .allSatisfy(object -> assertThat(owners(object)).isEmpty());
        assertThat(children("demo"))
                .filteredOn(child -> !isData(child))
                .isNotEmpty()
                .allSatisfy(child -> assertThat(owners(child)).singleElement().satisfies(owner -> {
                    assertThat(owner.getUid()).isEqualTo(resource.getMetadata().getUid());
                    assertThat(owner.getController()).isTrue();
                }));
    }

    @Test
    void thePolicyCanBeChangedBothWays() {
        createReady("demo", EMBEDDED);

        patch("demo", "{\"deletionPolicy\": \"Delete\"}");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(data())
                        .hasSize(3)
                        .allSatisfy(object -> assertThat(owners(object)).hasSize(1)));

        patch("demo", "{\"deletionPolicy\": \"Retain\"}");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(data())
                        .hasSize(3)
                        .allSatisfy(object -> assertThat(owners(object)).isEmpty()));
    }

    @Test
    void aResourceOfTheSameNameTakesTheDataBack() {
        TaskPlatform first = createReady("demo", EMBEDDED);
        String key = key("demo");
        List<String> claims = uids();
        client.resource(first).delete();
        // There is no garbage collector here; it deletes what the resource owned.
        children("demo").stream()
                .filter(child -> !isData(child))
                .forEach(child -> client.resource(child).delete());

        TaskPlatform second = createReady("demo", "{database: {embedded: {}}, deletionPolicy: Delete}");

        assertThat(key("demo")).isEqualTo(key);
        assertThat(uids()).isEqualTo(claims);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(data())
                        .allSatisfy(object -> assertThat(owners(object))
                                .extracting(OwnerReference::getUid)
                                .containsExactly(second.getMetadata().getUid())));
    }

    @Test
    void aKeyThatCannotBeUsedIsLeftAloneAndNamed() {
        TaskPlatform first = createReady("demo", EMBEDDED);
        operator.close();
        Secret secret = secret("demo");
        client.resource(secret).delete();
        secret.getMetadata().setResourceVersion(null);
        secret.getMetadata().setManagedFields(null);
        secret.setData(Map.of("encryption-key", "dG9vIHNob3J0"));
        client.resource(secret).create();

        operator = new RunningOperator(api.operatorConfig(), namespace);
        var ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("KeySecretInvalid"));

        assertThat(ready.message()).contains("Secret demo-keys", "encryption-key", "backup");
        assertThat(key(first.getMetadata().getName())).isEqualTo("dG9vIHNob3J0");
    }

    @Test
    void aVolumeThatIsAskedToGrowIsChanged() {
        createReady("demo", EMBEDDED);

        patch("demo", "{\"database\": {\"embedded\": {\"storage\": {\"size\": \"2Gi\"}}}}");

        // A claim without a volume can't grow: the API server's own words reach the user.
        var ready =
                awaitCondition("demo", "Ready", condition -> condition.reason().equals("ApplyFailed"));
        assertThat(ready.message()).contains("demo-user-service-data", "spec is immutable");
    }

    private List<GenericKubernetesResource> data() {
        return children("demo").stream().filter(DataIT::isData).toList();
    }

    private List<String> uids() {
        return data().stream()
                .map(object -> object.getMetadata().getUid())
                .sorted()
                .toList();
    }

    private static boolean isData(GenericKubernetesResource object) {
        return object.getKind().equals("PersistentVolumeClaim")
                || object.getKind().equals("Secret");
    }

    private static List<OwnerReference> owners(GenericKubernetesResource object) {
        return object.getMetadata().getOwnerReferences();
    }

    private Secret secret(String name) {
        return client.secrets().inNamespace(namespace).withName(name + "-keys").get();
    }

    private String key(String name) {
        return secret(name).getData().get("encryption-key");
    }
}
