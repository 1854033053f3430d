// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Lifecycle;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccountTokenProjection;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.HTTPIngressPath;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What particular values of the chart taskplatform do. */
class TaskplatformChartTest {

    @RegisterExtension
    static final SecretsApi API = new SecretsApi();

    private static final String USERS = "team-user-service";
    private static final String TASKS = "team-task-service";
    private static final String CHECKSUM = "checksum/config";

    @Test
    void lintsCleanly() {
        assertThat(Chart.TASKPLATFORM.lint())
                .satisfies(result -> assertThat(result.isFailed())
                        .as(String.join("\n", result.getMessages()))
                        .isFalse());
    }

    @Test
    void versionIsThatOfTheImages() {
        Map<?, ?> chart = Serialization.unmarshal(Chart.TASKPLATFORM.file("Chart.yaml"), Map.class);
        assertThat(chart.get("appVersion")).isEqualTo(System.getProperty("project.version"));
    }

    @Test
    void embeddedDatabaseHasOneWriterAndAVolumeForEachService() {
        Rendering rendering = Values.EMBEDDED.render();
        assertThat(rendering.all(Deployment.class)).hasSize(2).allSatisfy(deployment -> {
            assertThat(deployment.getSpec().getReplicas()).isEqualTo(1);
            assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("Recreate");
        });
        assertThat(rendering.all(PersistentVolumeClaim.class))
                .extracting(Rendering::nameOf)
                .containsExactlyInAnyOrder(USERS + "-data", TASKS + "-data");
        assertThat(rendering.all(PodDisruptionBudget.class)).isEmpty();
    }

    @Test
    void aPodWithoutASuccessorStopsAtOnceAnotherGivesItsClientsTime() {
        assertThat(stop(Values.EMBEDDED)).containsOnly("drain PT0S, sleep null");
        assertThat(stop(Values.POSTGRES)).containsOnly("drain PT5S, sleep 5");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            384Mi      | 96
            1Gi        | 256
            0.5Gi      | 128
            512M       | 122
            536870912  | 128
            1e9        | 238
            '1.5Gi'    | 384
            """)
    void hashingTakesAQuarterOfTheMemoryLimit(String limit, int mebibytes) {
        Rendering rendering =
                Chart.TASKPLATFORM.render("userService: {resources: {limits: {memory: %s}}}".formatted(limit));
        assertThat(configuration(rendering, USERS)).containsEntry("password", Map.of("hashing-memory-mib", mebibytes));
    }

    @Test
    void withoutALimitTheServiceDecidesHowMuchHashingTakes() {
        Rendering rendering = Chart.TASKPLATFORM.render("userService: {resources: {limits: {memory: null}}}");
        assertThat(configuration(rendering, USERS)).doesNotContainKey("password");
    }

    private static List<String> stop(Values values) {
        Rendering rendering = values.render();
        return Stream.of(USERS, TASKS)
                .map(service -> {
                    Map<?, ?> server =
                            (Map<?, ?>) configuration(rendering, service).get("server");
                    Lifecycle lifecycle = pod(rendering, service)
                            .getSpec()
                            .getContainers()
                            .getFirst()
                            .getLifecycle();
                    return "drain %s, sleep %s"
                            .formatted(
                                    server.get("drain"),
                                    lifecycle == null
                                            ? null
                                            : lifecycle.getPreStop().getSleep().getSeconds());
                })
                .toList();
    }

    @Test
    void storageIsWhatTheValuesSay() {
        Rendering rendering =
                Chart.TASKPLATFORM.render("database: {embedded: {storage: {size: 5Gi, storageClassName: fast}}}");
        assertThat(rendering.all(PersistentVolumeClaim.class)).allSatisfy(claim -> {
            assertThat(claim.getSpec().getStorageClassName()).isEqualTo("fast");
            assertThat(claim.getSpec().getResources().getRequests()).containsEntry("storage", new Quantity("5Gi"));
        });
    }

    @Test
    void postgresScalesOutWithoutVolumes() {
        Rendering rendering = Values.POSTGRES.render();
        assertThat(rendering.all(PersistentVolumeClaim.class)).isEmpty();
        assertThat(rendering.all(Deployment.class)).hasSize(2).allSatisfy(deployment -> {
            assertThat(deployment.getSpec().getReplicas()).isEqualTo(3);
            assertThat(deployment.getSpec().getStrategy().getType()).isEqualTo("RollingUpdate");
            assertThat(deployment.getSpec().getStrategy().getRollingUpdate().getMaxUnavailable())
                    .satisfies(none -> assertThat(none.getIntVal()).isZero());
            assertThat(deployment.getSpec().getTemplate().getSpec().getTopologySpreadConstraints())
                    .hasSize(2);
        });
        assertThat(rendering.all(PodDisruptionBudget.class)).hasSize(2);
    }

    @Test
    void everyFieldOfTheConnectionComesFromTheSecret() {
        Rendering rendering = Values.EVERYTHING.render();
        for (String service : List.of(USERS, TASKS)) {
            assertThat(pod(rendering, service).getSpec().getVolumes())
                    .filteredOn(volume -> volume.getName().equals("database"))
                    .singleElement()
                    .satisfies(volume -> {
                        assertThat(volume.getSecret().getSecretName()).isEqualTo("database");
                        assertThat(volume.getSecret().getItems())
                                .extracting(item -> item.getKey() + " -> " + item.getPath())
                                .containsExactly(
                                        "hostname -> host",
                                        "portnumber -> port",
                                        "name -> dbname",
                                        "user -> username",
                                        "pass -> password");
                    });
        }
    }

    @Test
    void anAutoscalerOwnsTheNumberOfPods() {
        Rendering rendering = Values.AUTOSCALING.render();
        assertThat(deployment(rendering, TASKS).getSpec().getReplicas()).isNull();
        assertThat(deployment(rendering, USERS).getSpec().getReplicas()).isEqualTo(2);
        assertThat(rendering.all(HorizontalPodAutoscaler.class)).singleElement().satisfies(autoscaler -> {
            assertThat(autoscaler.getMetadata().getName()).isEqualTo(TASKS);
            assertThat(autoscaler.getSpec().getMinReplicas()).isEqualTo(2);
            assertThat(autoscaler.getSpec().getMaxReplicas()).isEqualTo(6);
            assertThat(autoscaler
                            .getSpec()
                            .getMetrics()
                            .getFirst()
                            .getResource()
                            .getTarget()
                            .getAverageUtilization())
                    .isEqualTo(70);
            assertThat(autoscaler.getSpec().getBehavior().getScaleDown().getStabilizationWindowSeconds())
                    .isGreaterThan(
                            autoscaler.getSpec().getBehavior().getScaleUp().getStabilizationWindowSeconds());
        });
    }

    @Test
    void configurationOfAnEmbeddedReleaseIsComplete() {
        Rendering rendering = Values.EMBEDDED.render();
        Map<String, Object> server = Map.of(
                "host",
                "0.0.0.0",
                "port",
                8080,
                "observe",
                Map.of("port", 9090),
                "drain",
                "PT0S",
                "shutdown-grace",
                "PT15S");
        String url = "http://team-user-service.blue.svc";
        assertThat(configuration(rendering, USERS))
                .isEqualTo(Map.of(
                        "server",
                        server,
                        "issuer",
                        url,
                        "compatibility",
                        Map.of("simple-api", false),
                        "database",
                        embedded("/var/lib/taskplatform/user-service.db"),
                        "keys",
                        Map.of("encryption-key-file", "/etc/taskplatform/keys/encryption-key"),
                        "password",
                        Map.of("hashing-memory-mib", 96),
                        "oauth",
                        Map.of(
                                "kubernetes",
                                trust(
                                        url,
                                        List.of(workload(
                                                "blue:team-task-service", "task-service", "events users:read"))))));
        assertThat(configuration(rendering, TASKS))
                .isEqualTo(Map.of(
                        "keys",
                        Map.of("encryption-key-file", "/etc/taskplatform/keys/encryption-key"),
                        "server",
                        server,
                        "issuer",
                        url,
                        "compatibility",
                        Map.of("simple-api", false),
                        "database",
                        embedded("/var/lib/taskplatform/task-service.db"),
                        "user-service",
                        Map.of("url", url, "token-file", "/var/run/secrets/taskplatform/token/token")));
    }

    @Test
    void settingsReachTheConfigurationAsTheyAre() {
        Rendering rendering = Values.EVERYTHING.render();
        Map<String, Object> users = configuration(rendering, USERS);
        assertThat(users)
                .containsEntry("issuer", "https://id.example.com/\"team\":\\n")
                .containsEntry("log", Map.of("level", "DEBUG"))
                .containsEntry("registration", Map.of("mode", "open"))
                .containsEntry(
                        "token",
                        Map.of(
                                "access-lifetime",
                                "PT1H30M",
                                "id-lifetime",
                                "PT5M",
                                "refresh-idle-lifetime",
                                "P1DT12H",
                                "session-lifetime",
                                "P30D",
                                "refresh-grace",
                                "PT0S"))
                .containsEntry(
                        "keys",
                        Map.of(
                                "encryption-key-file",
                                "/etc/taskplatform/keys/encryption-key",
                                "rotation-period",
                                "P7D"))
                .containsEntry(
                        "password",
                        Map.of(
                                "min-length",
                                12,
                                "argon2",
                                Map.of("memory-kib", 65536, "iterations", 3, "parallelism", 2),
                                "hashing-memory-mib",
                                192))
                .containsEntry(
                        "throttle",
                        Map.of(
                                "account",
                                Map.of("failures", 5, "window", "PT30M", "lock", "PT1H"),
                                "address",
                                Map.of("failures", 1000000, "window", "PT10M")))
                .containsEntry("rate", Map.of("requests-per-second", 20, "burst", 40))
                .containsEntry("audit", Map.of("retention", "P730D"))
                .containsEntry("event", Map.of("retention", "P7D"))
                .containsEntry("compatibility", Map.of("simple-api", true))
                .containsEntry("database", postgres("user_service"));
        assertThat((Map<?, ?>) users.get("server"))
                .extracting("trusted-proxies")
                .isEqualTo(List.of("10.0.0.0/8", "2001:db8::/32"));
        Map<String, Object> tasks = configuration(rendering, TASKS);
        assertThat(tasks)
                .containsEntry("issuer", users.get("issuer"))
                .containsEntry("log", Map.of("level", "WARN"))
                .containsEntry("compatibility", Map.of("simple-api", true))
                .containsEntry("database", postgres("task_service"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    issuer: http://id.example.com             | team-user-service team-task-service
                    compatibility: {simpleApi: true}          | team-user-service team-task-service
                    userService: {service: {type: NodePort}}  | none
                    deletionPolicy: Delete                    | none
                    userService: {config: {hashingMemoryMib: 64}}              | team-user-service
                    userService: {config: {trustedProxies: [192.0.2.0/24]}}    | team-user-service
                    admin: {username: root, passwordSecretName: first}         | team-user-service
                    serviceAuthentication: {kubernetes: {enabled: false}}      | team-user-service team-task-service
                    serviceAuthentication: {kubernetes: {clients: [{clientId: one, serviceAccountName: a, scopes: [events]}]}} | team-user-service
                    """)
    void aChangeOfConfigurationRestartsThePodsThatReadIt(String values, String restarted) {
        Rendering before = Values.EMBEDDED.render();
        Rendering after = Chart.TASKPLATFORM.render(values);
        for (String service : List.of(USERS, TASKS)) {
            boolean same = deployment(before, service)
                    .getSpec()
                    .getTemplate()
                    .equals(deployment(after, service).getSpec().getTemplate());
            assertThat(same).as(service + " is left alone").isEqualTo(!restarted.contains(service));
        }
        assertThat(pod(before, USERS).getMetadata().getAnnotations()).containsKey(CHECKSUM);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    userService | {logLevel: DEBUG}
                    userService | {accessTokenLifetime: PT5M}
                    userService | {passwordMinLength: 12}
                    userService | {argon2: {iterations: 3}}
                    userService | {registrationMode: closed}
                    userService | {idTokenLifetime: PT5M}
                    userService | {refreshIdleLifetime: P1D}
                    userService | {sessionLifetime: P180D}
                    userService | {refreshGrace: PT20S}
                    userService | {keyRotationPeriod: P1D}
                    userService | {throttle: {account: {failures: 5}}}
                    userService | {rate: {requestsPerSecond: 5}}
                    taskService | {logLevel: DEBUG}
                    """)
    void aLiveSettingChangesTheFileAndNoPod(String service, String config) {
        Rendering before = Values.EMBEDDED.render();
        Rendering after = Chart.TASKPLATFORM.render("%s: {config: %s}".formatted(service, config));
        assertThat(after.all(ConfigMap.class)).isNotEqualTo(before.all(ConfigMap.class));
        assertThat(after.all(Deployment.class))
                .extracting(Serialization::asYaml)
                .isEqualTo(before.all(Deployment.class).stream()
                        .map(Serialization::asYaml)
                        .toList());
    }

    @Test
    void theKeyIs32RandomBytesMadeOnce() {
        Secret secret = Values.EMBEDDED.render().get(Secret.class, "team-keys");
        String file =
                new String(Base64.getDecoder().decode(secret.getData().get("encryption-key")), StandardCharsets.UTF_8);
        assertThat(Base64.getDecoder().decode(file)).hasSize(32);
        assertThat(secret.getImmutable()).isTrue();
        assertThat(Values.EMBEDDED.render().get(Secret.class, "team-keys").getData())
                .as("two releases have different keys")
                .isNotEqualTo(secret.getData());
    }

    @Test
    void theKeyThatExistsIsKept() {
        String key = Base64.getEncoder().encodeToString("made by an earlier release".getBytes(StandardCharsets.UTF_8));
        API.add("blue", "team-keys", "{\"encryption-key\": \"%s\"}".formatted(key));
        assertThat(Values.EMBEDDED.render().get(Secret.class, "team-keys").getData())
                .containsExactly(Map.entry("encryption-key", key));
    }

    @Test
    void aSecretWithoutTheKeyIsNotOverwritten() {
        API.add("blue", "team-keys", "{\"other\": \"\"}");
        assertThat(Chart.TASKPLATFORM.refusal("{}"))
                .hasValueSatisfying(message -> assertThat(message)
                        .contains(
                                "Secret blue/team-keys exists but has no key `encryption-key`",
                                "restore it from a backup"));
    }

    @Test
    void aKeyOfOnesOwnIsUsedAndNoneIsMade() {
        Rendering rendering = Values.EVERYTHING.render();
        assertThat(rendering.all(Secret.class)).isEmpty();
        assertThat(pod(rendering, USERS).getSpec().getVolumes())
                .anySatisfy(volume -> assertThat(
                                volume.getSecret() == null
                                        ? null
                                        : volume.getSecret().getSecretName())
                        .isEqualTo("my-keys"));
    }

    @Test
    void eachServiceSeesItsOwnKeyAlone() {
        Map.of(USERS, "encryption-key", TASKS, "task-encryption-key")
                .forEach((service, key) -> assertThat(
                                pod(Values.EMBEDDED.render(), service).getSpec().getVolumes())
                        .filteredOn(volume -> volume.getSecret() != null)
                        .singleElement()
                        .satisfies(volume -> assertThat(volume.getSecret().getItems())
                                .singleElement()
                                .satisfies(item -> assertThat(item.getKey()).isEqualTo(key))));
    }

    @ParameterizedTest
    @CsvSource({"Retain, 3", "Delete, 0"})
    void dataOutlivesTheReleaseUnlessToldOtherwise(String policy, int kept) {
        Rendering rendering = Chart.TASKPLATFORM.render("deletionPolicy: " + policy);
        assertThat(rendering.all())
                .filteredOn(object -> {
                    Map<String, String> annotations = object.getMetadata().getAnnotations();
                    return annotations != null && "keep".equals(annotations.get("helm.sh/resource-policy"));
                })
                .hasSize(kept)
                .allMatch(object -> object instanceof Secret || object instanceof PersistentVolumeClaim);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {}                                                              | user-service:VERSION
                    image: {registry: reg.example.com:5000/a/, tag: v1}             | reg.example.com:5000/a/user-service:v1
                    {image: {tag: v1}, userService: {image: {tag: v2}}}             | user-service:v2
                    userService: {image: {repository: 'localhost:5000/user-service', tag: 'v1@sha256:DIGEST'}} | localhost:5000/user-service:v1@sha256:DIGEST
                    """)
    void imageReferences(String values, String image) {
        String digest = "0123456789abcdef".repeat(4);
        Rendering rendering = Chart.TASKPLATFORM.render(values.replace("DIGEST", digest));
        assertThat(pod(rendering, USERS).getSpec().getContainers().getFirst().getImage())
                .isEqualTo(image.replace("DIGEST", digest).replace("VERSION", System.getProperty("project.version")));
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3, 1.2.3",
        "1.2.3@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef, 1.2.3",
        "v1_rc.-, v1_rc",
        "a23456789b123456789c123456789d123456789e123456789f123456789g1.-h1, a23456789b123456789c123456789d123456789e123456789f123456789g1"
    })
    void theVersionLabelIsTheTag(String tag, String label) {
        Rendering rendering = Chart.TASKPLATFORM.render("image: {tag: '%s'}".formatted(tag));
        assertThat(deployment(rendering, USERS).getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/version", label);
    }

    @Test
    void podOverridesReachThePods() {
        Pod pod = pod(Values.EVERYTHING.render(), USERS);
        assertThat(pod.getMetadata().getLabels()).containsEntry("team", "blue");
        assertThat(pod.getMetadata().getAnnotations())
                .containsEntry("example.com/owner", "blue")
                .containsKey(CHECKSUM);
        assertThat(pod.getSpec().getNodeSelector()).containsEntry("disk", "ssd");
        assertThat(pod.getSpec().getTolerations()).hasSize(1);
        assertThat(pod.getSpec().getAffinity().getNodeAffinity()).isNotNull();
        assertThat(pod.getSpec().getPriorityClassName()).isEqualTo("system-cluster-critical");
        assertThat(pod.getSpec().getImagePullSecrets()).hasSize(1);
        assertThat(pod.getSpec().getContainers().getFirst()).satisfies(container -> {
            assertThat(container.getEnv())
                    .extracting(EnvVar::getName)
                    .containsExactly("JAVA_TOOL_OPTIONS", "FROM_SECRET");
            assertThat(container.getResources().getLimits()).containsEntry("cpu", new Quantity("2"));
            assertThat(container.getImagePullPolicy()).isEqualTo("Always");
        });
    }

    @Test
    void servicesArePublishedAsAsked() {
        Rendering rendering = Values.NODE_PORT.render();
        assertThat(rendering.get(Service.class, USERS).getSpec().getPorts())
                .filteredOn(port -> port.getName().equals("http"))
                .singleElement()
                .satisfies(port -> assertThat(port.getNodePort()).isEqualTo(31870));
        assertThat(rendering.get(Service.class, TASKS).getSpec().getPorts())
                .as("a load balancer does not publish health and metrics")
                .extracting(ServicePort::getName)
                .containsExactly("http");
        assertThat(Values.EMBEDDED.render().get(Service.class, USERS).getSpec().getPorts())
                .extracting(ServicePort::getPort)
                .containsExactly(80, 9090);
    }

    @Test
    void byDefaultAnyoneMayCallTheServicesAndTheyMayCallOnlyWhatTheyNeed() {
        Rendering rendering = Values.EMBEDDED.render();
        for (String service : List.of(USERS, TASKS)) {
            assertThat(policy(rendering, service).getSpec().getIngress())
                    .allMatch(rule -> rule.getFrom().isEmpty());
        }
        assertThat(policy(rendering, TASKS).getSpec().getEgress())
                .satisfiesExactly(
                        TaskplatformChartTest::isDns,
                        rule -> {
                            assertThat(rendering.selectedBy(
                                            rule.getTo().getFirst().getPodSelector()))
                                    .extracting(Rendering::nameOf)
                                    .containsExactly(USERS);
                            assertThat(ports(rule)).containsExactly(8080);
                        },
                        rule -> {
                            assertThat(rule.getTo().getFirst().getIpBlock().getExcept())
                                    .as("webhooks reach the public internet, and nothing inside")
                                    .contains("10.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16");
                            assertThat(ports(rule)).containsExactly(443);
                        });
    }

    @Test
    void callersAndTheDatabaseCanBeNarrowedDown() {
        Rendering rendering = Values.EVERYTHING.render();
        assertThat(policy(rendering, USERS).getSpec().getIngress().getFirst().getFrom())
                .filteredOn(peer -> peer.getPodSelector() != null)
                .anySatisfy(peer -> assertThat(rendering.selectedBy(peer.getPodSelector()))
                        .as("the task service still calls the user service")
                        .extracting(Rendering::nameOf)
                        .containsExactly(TASKS))
                .anySatisfy(peer -> assertThat(rendering.selectedBy(peer.getPodSelector()))
                        .as("`helm test` still calls it")
                        .extracting(Rendering::nameOf)
                        .containsExactly("team-smoke-test"));
        assertThat(policy(rendering, USERS).getSpec().getIngress().getFirst().getFrom())
                .hasSize(3)
                .filteredOn(peer -> peer.getNamespaceSelector() != null)
                .anySatisfy(peer ->
                        assertThat(peer.getNamespaceSelector().getMatchLabels()).containsEntry("team", "blue"));
        assertThat(policy(rendering, TASKS).getSpec().getIngress().getLast().getFrom())
                .hasSize(1);
        for (String service : List.of(USERS, TASKS)) {
            assertThat(policy(rendering, service).getSpec().getEgress().getLast())
                    .satisfies(rule -> {
                        assertThat(ports(rule)).containsExactly(6432);
                        assertThat(rule.getTo().getFirst().getIpBlock().getCidr())
                                .isEqualTo("192.0.2.0/24");
                    });
        }
    }

    @Test
    void theUserServiceMayAskTheApiServer() {
        assertThat(policy(Values.EMBEDDED.render(), USERS).getSpec().getEgress())
                .hasSize(2)
                .satisfiesExactly(TaskplatformChartTest::isDns, rule -> {
                    assertThat(rule.getTo()).isEmpty();
                    assertThat(ports(rule)).containsExactly(443, 6443, 8443);
                });
        assertThat(policy(Values.EVERYTHING.render(), USERS).getSpec().getEgress())
                .hasSize(3)
                .filteredOn(rule -> ports(rule).contains(6443))
                .singleElement()
                .satisfies(rule -> {
                    assertThat(rule.getTo().getFirst().getIpBlock().getCidr()).isEqualTo("198.51.100.1/32");
                    assertThat(ports(rule)).containsExactly(6443);
                });
    }

    @Test
    void withoutServiceAccountsNobodyHasATokenAndTheApiServerIsNotAsked() {
        Rendering rendering = Chart.TASKPLATFORM.render("serviceAuthentication: {kubernetes: {enabled: false}}");
        assertThat(rendering.pods())
                .flatExtracting(pod -> pod.getSpec().getVolumes())
                .noneMatch(volume -> volume.getProjected() != null);
        assertThat(configuration(rendering, USERS)).doesNotContainKey("oauth");
        assertThat(configuration(rendering, TASKS))
                .containsEntry("user-service", Map.of("url", "http://team-user-service.blue.svc"));
        assertThat(policy(rendering, USERS).getSpec().getEgress())
                .singleElement()
                .satisfies(TaskplatformChartTest::isDns);
    }

    @Test
    void theTaskServiceShowsATokenThatIsGoodForTheUserServiceOnly() {
        Rendering rendering = Values.EVERYTHING.render();
        assertThat(tokens(rendering, TASKS)).singleElement().satisfies(token -> {
            assertThat(token.getAudience())
                    .isEqualTo(configuration(rendering, USERS).get("issuer"));
            assertThat(token.getPath()).isEqualTo("token");
        });
        assertThat(tokens(rendering, USERS)).singleElement().satisfies(token -> {
            assertThat(token.getAudience()).as("the API server").isNull();
            assertThat(token.getPath()).isEqualTo("token");
        });
    }

    @Test
    void servicesOfOtherTeamsAreTrustedAsTheValuesSay() {
        Rendering rendering = Values.EVERYTHING.render();
        Map<String, Object> users = configuration(rendering, USERS);
        Map<String, Object> trust = trust(
                users.get("issuer").toString(),
                List.of(
                        workload("blue:team-task-service", "task-service", "events users:read"),
                        workload("analytics:reports", "reports", "events users:read"),
                        workload("blue:gateway", "gateway", "introspect")));
        assertThat((Map<?, ?>) users.get("oauth"))
                .extracting("kubernetes")
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("issuer", "https://kubernetes.example.com")
                .containsAllEntriesOf(trust);
    }

    @Test
    void theFirstAdministratorsPasswordComesFromTheSecret() {
        Rendering rendering = Values.EVERYTHING.render();
        assertThat(configuration(rendering, USERS))
                .containsEntry(
                        "admin",
                        Map.of(
                                "bootstrap",
                                Map.of(
                                        "username",
                                        "root@example.com",
                                        "password-file",
                                        "/etc/taskplatform/bootstrap/password")));
        assertThat(pod(rendering, USERS).getSpec().getVolumes())
                .filteredOn(volume -> volume.getName().equals("bootstrap"))
                .singleElement()
                .satisfies(volume -> {
                    assertThat(volume.getSecret().getSecretName()).isEqualTo("first-admin");
                    assertThat(volume.getSecret().getItems())
                            .extracting(item -> item.getKey() + " -> " + item.getPath())
                            .containsExactly("pw -> password");
                });
        assertThat(pod(Values.EMBEDDED.render(), USERS).getSpec().getVolumes())
                .noneMatch(volume -> volume.getName().equals("bootstrap"));
    }

    /** Paths are prefixes, so that what is under them is reached too. */
    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void theAdministratorsApiIsRoutedUnlessItIsKeptInside(String publicApi) {
        List<String> paths = paths(
                Chart.TASKPLATFORM.render("{ingress: {enabled: true}, admin: {publicApi: %s}}".formatted(publicApi)));
        assertThat(paths.contains("/v1/admin")).isEqualTo(publicApi.equals("true"));
        assertThat(paths).noneMatch(path -> "/v1/admin".startsWith(path) && !path.equals("/v1/admin"));
    }

    @Test
    void whatClientsOfOAuthNeedIsRoutedAndWhatServicesNeedIsNot() {
        assertThat(paths(Values.INGRESS.render()))
                .contains(
                        "/oauth2",
                        "/.well-known/openid-configuration",
                        "/.well-known/oauth-authorization-server",
                        "/.well-known/jwks.json",
                        "/v1/deletions")
                .noneMatch("/internal/v1/events"::startsWith);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void theSimpleApiIsRoutedOnlyWhenItIsOn(String simpleApi) {
        Rendering rendering = Chart.TASKPLATFORM.render(
                "{ingress: {enabled: true}, compatibility: {simpleApi: %s}}".formatted(simpleApi));
        List<String> paths = paths(rendering);
        assertThat(paths).contains("/v1/users", "/v1/sessions", "/.well-known/jwks.json", "/v1/tasks");
        for (String path : List.of("/register", "/login", "/tasks")) {
            assertThat(paths.contains(path)).as(path).isEqualTo(simpleApi.equals("true"));
        }
    }

    @Test
    void ingressAndRouteHaveTheSamePaths() {
        Rendering rendering = Values.EVERYTHING.render();
        List<String> routed = rendering.get(HTTPRoute.class, "team").getSpec().getRules().stream()
                .map(rule -> rule.getMatches().getFirst().getPath().getValue() + " -> "
                        + rule.getBackendRefs().getFirst().getName())
                .toList();
        assertThat(rendering
                        .get(Ingress.class, "team")
                        .getSpec()
                        .getRules()
                        .getFirst()
                        .getHttp()
                        .getPaths())
                .extracting(path ->
                        path.getPath() + " -> " + path.getBackend().getService().getName())
                .containsExactlyElementsOf(routed);
    }

    @Test
    void aHostWithItsCertificate() {
        Ingress ingress = Values.INGRESS.render().get(Ingress.class, "team");
        assertThat(ingress.getSpec().getIngressClassName()).isEqualTo("public");
        assertThat(ingress.getSpec().getRules().getFirst().getHost()).isEqualTo("team.example.com");
        assertThat(ingress.getSpec().getTls()).singleElement().satisfies(tls -> {
            assertThat(tls.getSecretName()).isEqualTo("team-tls");
            assertThat(tls.getHosts()).containsExactly("team.example.com");
        });
    }

    @Test
    void theTestPodIsAHookThatCleansUp() {
        Rendering rendering = Values.EMBEDDED.render();
        assertThat(rendering.get(Pod.class, "team-smoke-test")).satisfies(pod -> {
            assertThat(pod.getMetadata().getAnnotations())
                    .containsEntry(Rendering.HOOK, "test")
                    .containsEntry("helm.sh/hook-delete-policy", "before-hook-creation,hook-succeeded");
            assertThat(pod.getSpec().getContainers().getFirst().getImage())
                    .isEqualTo(pod(rendering, TASKS)
                            .getSpec()
                            .getContainers()
                            .getFirst()
                            .getImage());
            assertThat(pod.getSpec().getContainers().getFirst().getEnv())
                    .extracting(EnvVar::getValue)
                    .containsExactly("http://team-user-service.blue.svc", "http://team-task-service.blue.svc");
        });
        assertThat(rendering.installed().all(Pod.class)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"open, 3", "invite, 2", "closed, 2"})
    void theTestRunsWhereItCanRegister(String mode, int pods) {
        assertThat(Chart.TASKPLATFORM
                        .render("userService: {config: {registrationMode: %s}}".formatted(mode))
                        .pods())
                .hasSize(pods);
    }

    private static Map<String, Object> embedded(String path) {
        return Map.of("kind", "embedded", "embedded", Map.of("path", path));
    }

    private static Map<String, Object> postgres(String schema) {
        return Map.of(
                "kind", "postgres", "postgres", Map.of("secret-dir", "/etc/taskplatform/database", "schema", schema));
    }

    private static Deployment deployment(Rendering rendering, String service) {
        return rendering.get(Deployment.class, service);
    }

    private static NetworkPolicy policy(Rendering rendering, String service) {
        return rendering.get(NetworkPolicy.class, service);
    }

    private static Pod pod(Rendering rendering, String service) {
        return rendering.pods().stream()
                .filter(pod -> Rendering.nameOf(pod).equals(service))
                .findFirst()
                .orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> configuration(Rendering rendering, String service) {
        HasMetadata config = rendering.get(ConfigMap.class, service);
        return Serialization.unmarshal(((ConfigMap) config).getData().get("application.yaml"), Map.class);
    }

    private static Map<String, Object> trust(String audience, List<Map<String, Object>> workloads) {
        return Map.of(
                "audience",
                audience,
                "jwks-uri",
                "https://kubernetes.default.svc/openid/v1/jwks",
                "ca-file",
                "/var/run/secrets/taskplatform/kubernetes/ca.crt",
                "token-file",
                "/var/run/secrets/taskplatform/kubernetes/token",
                "service-accounts",
                workloads);
    }

    private static Map<String, Object> workload(String account, String clientId, String scope) {
        return Map.of("subject", "system:serviceaccount:" + account, "client-id", clientId, "scope", scope);
    }

    private static List<ServiceAccountTokenProjection> tokens(Rendering rendering, String service) {
        return pod(rendering, service).getSpec().getVolumes().stream()
                .filter(volume -> volume.getProjected() != null)
                .flatMap(volume -> volume.getProjected().getSources().stream())
                .map(VolumeProjection::getServiceAccountToken)
                .filter(Objects::nonNull)
                .toList();
    }

    private static List<String> paths(Rendering rendering) {
        return rendering.get(Ingress.class, "team").getSpec().getRules().getFirst().getHttp().getPaths().stream()
                .map(HTTPIngressPath::getPath)
                .toList();
    }

    private static void isDns(NetworkPolicyEgressRule rule) {
        assertThat(rule.getTo()).isEmpty();
        assertThat(ports(rule)).containsOnly(53, 5353);
    }

    private static List<Integer> ports(NetworkPolicyEgressRule rule) {
        return rule.getPorts().stream().map(port -> port.getPort().getIntVal()).toList();
    }
}
