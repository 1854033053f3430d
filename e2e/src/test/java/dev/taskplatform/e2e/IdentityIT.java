// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e;

import static dev.taskplatform.e2e.support.PlatformClient.USER_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.taskplatform.e2e.support.Platform;
import dev.taskplatform.e2e.support.PlatformClient;
import dev.taskplatform.e2e.support.PlatformClient.Answer;
import dev.taskplatform.e2e.support.TestNamespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is let in: the administrator of a Secret, people while registration is open, and services by their ServiceAccounts. */
class IdentityIT {

    private static final String PASSWORD = "a password of an e2e test";

    private static final String SPEC = """
            admin:
              username: root
              passwordSecretName: first-admin
            database:
              embedded: {}
            serviceAuthentication:
              kubernetes:
                clients:
                - clientId: reports
                  serviceAccountName: reports
                  scopes: [events]
            """;

    /** The kubelet brings a ConfigMap to a running pod within its sync period, a minute, and its cache's time. */
    private static final Duration UNTIL_PODS_SEE_A_SETTING = Duration.ofMinutes(3);

    @RegisterExtension
    static final TestNamespace NAMESPACE = new TestNamespace();

    private static Platform platform;
    private static PlatformClient services;

    @BeforeAll
    static void deploy() {
        NAMESPACE
                .client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName("first-admin")
                        .withNamespace(NAMESPACE.name())
                        .endMetadata()
                        .addToStringData("password", PASSWORD)
                        .build())
                .create();
        for (String name : new String[] {"reports", "stranger"}) {
            NAMESPACE
                    .client()
                    .resource(new ServiceAccountBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .withNamespace(NAMESPACE.name())
                            .endMetadata()
                            .build())
                    .create();
        }
        platform = new Platform(NAMESPACE, "identity").apply(SPEC).awaitReady();
        services = platform.open();
    }

    @Test
    void theAdministratorOfTheSecretAdministers() {
        Answer administrators =
                services.get(USER_SERVICE, "/v1/admin/users?role=admin", services.token("root", PASSWORD));

        assertThat(administrators.status()).as(administrators.body()).isEqualTo(200);
        assertThat(administrators.body()).contains("\"root\"");
    }

    /** It stays closed: an administrator makes the accounts of the other tests. */
    @Test
    void registrationClosesWithoutARestart() {
        Pod pod = platform.readyPods(USER_SERVICE).getFirst();
        assertThat(registerSomebody().status()).isEqualTo(201);

        platform.apply(SPEC + """
                userService:
                  config:
                    registrationMode: closed
                """);
        await("registration is closed")
                .atMost(UNTIL_PODS_SEE_A_SETTING)
                .pollInterval(Duration.ofSeconds(2))
                .until(() -> registerSomebody().status() == 403);

        assertThat(platform.readyPods(USER_SERVICE)).singleElement().satisfies(now -> {
            assertThat(now.getMetadata().getUid()).isEqualTo(pod.getMetadata().getUid());
            assertThat(now.getStatus().getContainerStatuses().getFirst().getRestartCount())
                    .isZero();
        });
    }

    @Test
    void aServiceGetsATokenForItsServiceAccount() {
        Answer tokens = exchange(serviceAccountToken("reports", issuer()));
        assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
        assertThat(tokens.json()).containsEntry("scope", "events");

        String token = tokens.json().get("access_token").toString();
        assertThat(services.get(USER_SERVICE, "/internal/v1/events", token).status())
                .isEqualTo(200);
        assertThat(services.get(USER_SERVICE, "/v1/admin/users", token).status())
                .as("a service is no administrator")
                .isEqualTo(403);
    }

    @Test
    void otherServiceAccountsAndTokensForOthersAreRefused() {
        for (String token : new String[] {
            serviceAccountToken("stranger", issuer()), serviceAccountToken("reports", "https://elsewhere.example.com")
        }) {
            Answer refused = exchange(token);
            assertThat(refused.status()).as(refused.body()).isEqualTo(401);
            assertThat(refused.json()).containsEntry("error", "invalid_client");
        }
    }

    /** The task service follows the feed with the token of its own ServiceAccount; nothing else completes a deletion. */
    @Test
    void theTasksOfADeletedAccountAreDeletedToo() {
        Answer account = services.post(
                USER_SERVICE,
                "/v1/admin/users",
                services.token("root", PASSWORD),
                Map.of("username", "leaver", "password", PASSWORD));
        assertThat(account.status()).as(account.body()).isEqualTo(201);
        String token = services.token("leaver", PASSWORD);
        assertThat(services.createTask(token, "left behind").status()).isEqualTo(201);

        Answer deletion = services.post(USER_SERVICE, "/v1/users/me/deletion", token, Map.of("password", PASSWORD));
        assertThat(deletion.status()).as(deletion.body()).isEqualTo(202);

        String path = "/v1/deletions/" + deletion.json().get("id");
        await("the deletion is completed")
                .atMost(Platform.PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(
                        () -> assertThat(services.get(USER_SERVICE, path, null).json())
                                .containsEntry("state", "completed"));
        Answer tasks = services.listTasks(token);
        assertThat(tasks.status()).as("the session is over").isEqualTo(401);
        assertThat(tasks.body()).doesNotContain("left behind");
    }

    private static String issuer() {
        return "http://identity-user-service." + NAMESPACE.name() + ".svc";
    }

    /** As a pod's projected volume has it. */
    private static String serviceAccountToken(String name, String audience) {
        return NAMESPACE
                .client()
                .serviceAccounts()
                .inNamespace(NAMESPACE.name())
                .withName(name)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withAudiences(audience)
                        .withExpirationSeconds(600L)
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    private static Answer exchange(String serviceAccountToken) {
        return services.askForTokens(
                platform.readyPods(USER_SERVICE).getFirst(),
                Map.of(
                        "grant_type",
                        "client_credentials",
                        "client_assertion_type",
                        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                        "client_assertion",
                        serviceAccountToken));
    }

    private static Answer registerSomebody() {
        return services.register("somebody-" + UUID.randomUUID(), PASSWORD);
    }
}
