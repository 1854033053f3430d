// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An API server in trouble: the operator goes on as soon as it can, without a restart, and nothing is lost. */
class ApiFaultIT extends OnKubeApi {

    private static final Duration LONG = Duration.ofSeconds(90);

    ApiFaultIT(KubeApi.Server api) {
        super(api);
    }

    @Test
    void whatHappensWhileTheApiServerIsAwayIsMadeGood() {
        createReady("demo", EMBEDDED);
        operator.close();
        try (var proxy = new ApiProxy(api.operatorConfig())) {
            operator = new RunningOperator(proxy.config(), namespace);
            awaitReady("demo");

            proxy.cut();
            deployment("demo-task-service").delete();
            patch("demo", "{\"networkPolicy\": {\"enabled\": false}}");
            create("other", EMBEDDED);
            proxy.restore();

            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(deployment("demo-task-service").get()).isNotNull());
            awaitReadyAtLast("demo");
            awaitReadyAtLast("other");
            assertThat(children("demo")).noneMatch(child -> child.getKind().equals("NetworkPolicy"));
            operator.close();
            operator = new RunningOperator(api.operatorConfig(), namespace);
        }
    }

    @Test
    void aHistoryThatTheApiServerNoLongerHasIsReadAnew() {
        createReady("demo", EMBEDDED);
        operator.close();
        var forgotten = new Forgotten();
        try (var proxy = new ApiProxy(api.operatorConfig())) {
            operator = new RunningOperator(
                    proxy.config(),
                    namespace,
                    Map.of(),
                    builder -> builder.addOrReplaceInterceptor("forgotten", forgotten));
            awaitReady("demo");

            forgotten.next(3);
            proxy.cut();
            deployment("demo-task-service").delete();
            client.services()
                    .inNamespace(namespace)
                    .withName("demo-user-service")
                    .delete();
            proxy.restore();

            await().atMost(LONG)
                    .untilAsserted(() ->
                            assertThat(deployment("demo-task-service").get()).isNotNull());
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(client.services()
                                    .inNamespace(namespace)
                                    .withName("demo-user-service")
                                    .get())
                            .isNotNull());
            awaitReadyAtLast("demo");
            assertThat(forgotten.given()).isPositive();
            operator.close();
            operator = new RunningOperator(api.operatorConfig(), namespace);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void burstsOfErrorsAreOutlived(long seed) {
        operator.close();
        try (var refusals = new Refusals(seed, request -> !isWatch(request))) {
            operator = new RunningOperator(
                    api.operatorConfig(),
                    namespace,
                    Map.of(),
                    builder -> builder.addOrReplaceInterceptor("refusals", refusals));
            refusals.next(20);
            create("demo", EMBEDDED);
            await().atMost(LONG).until(() -> refusals.given() == 20);
            await().atMost(LONG)
                    .until(() -> condition("demo", "Ready")
                            .filter(ready -> ready.status().equals("True"))
                            .isPresent());

            refusals.next(20);
            patch("demo", "{\"image\": {\"tag\": \"2.0.0\"}, \"networkPolicy\": {\"enabled\": false}}");
            await().atMost(LONG)
                    .untilAsserted(() -> assertThat(image("demo-task-service")).endsWith(":2.0.0"));
            refusals.next(0);
            await().atMost(LONG)
                    .until(() -> condition("demo", "Ready")
                            .filter(ready -> ready.status().equals("True") && ready.observedGeneration() == 2)
                            .isPresent());
            assertThat(children("demo")).noneMatch(child -> child.getKind().equals("NetworkPolicy"));
        }
    }

    @Test
    void aSlowApiServerIsWaitedFor() {
        operator.close();
        operator = new RunningOperator(
                api.operatorConfig(),
                namespace,
                Map.of(),
                builder -> builder.addOrReplaceInterceptor("slow", new Interceptor() {
                    @Override
                    public void before(BasicBuilder request, HttpRequest copy, RequestTags tags) {
                        if (!isWatch(copy)) {
                            try {
                                TimeUnit.SECONDS.sleep(1);
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }
                    }
                }));

        create("demo", EMBEDDED);

        await().atMost(LONG)
                .until(() -> condition("demo", "Ready")
                        .filter(ready -> ready.status().equals("True"))
                        .isPresent());
    }

    @Test
    void aRightThatIsTakenAwayIsSaidAndItsReturnHeals() {
        createReady("demo", EMBEDDED);
        List<PolicyRule> given = role().get().getRules();
        try {
            rules(given.stream()
                    .map(rule -> rule.getResources().contains("services")
                            ? new PolicyRuleBuilder(rule)
                                    .withVerbs("get", "list", "watch")
                                    .build()
                            : rule)
                    .toList());
            await("the API server knows").atMost(SOON).untilAsserted(() -> {
                client.services()
                        .inNamespace(namespace)
                        .withName("demo-user-service")
                        .delete();
                assertThat(condition("demo", "Ready"))
                        .hasValueSatisfying(ready -> assertThat(ready.message()).contains("forbidden", "services"));
            });
        } finally {
            rules(given);
        }

        await().atMost(LONG)
                .until(() -> condition("demo", "Ready")
                        .filter(ready -> ready.status().equals("True"))
                        .isPresent());
        expectsDenials();
    }

    @Test
    void twoOperatorsDoNotFight() {
        createConnection();
        try (var another = new RunningOperator(api.operatorConfig(), namespace)) {
            createReady("demo", POSTGRES);
            patch("demo", "{\"image\": {\"tag\": \"2.0.0\"}, \"taskService\": {\"replicas\": 3}}");
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(image("demo-task-service")).endsWith(":2.0.0"));
            awaitReady("demo");
            deployment("demo-task-service").delete();
            await().atMost(SOON).until(() -> deployment("demo-task-service").get() != null);
            awaitReady("demo");
            awaitQuiet(another);

            long before = another.reconciliations();
            List<String> writes = another.writes();
            lookAgain("demo");
            await().atMost(SOON).until(() -> another.reconciliations() > before);
            assertThat(another.writes()).isEqualTo(writes);
            assertThat(pods("task-service")).hasSize(3);
        }
    }

    /** Watches that were cut come back after pauses that grow. */
    private void awaitReadyAtLast(String name) {
        await().atMost(LONG)
                .until(() -> get(name).getStatus() != null
                        && condition(name, "Ready")
                                .filter(ready -> ready.status().equals("True"))
                                .filter(ready -> ready.observedGeneration()
                                        .equals(get(name).getMetadata().getGeneration()))
                                .isPresent());
    }

    /** Waits until neither of the two has written for a while. */
    private void awaitQuiet(RunningOperator another) {
        var seen = new AtomicInteger(-1);
        await().atMost(SOON).pollInterval(Duration.ofSeconds(2)).until(() -> {
            int now = another.writes().size() + operator.writes().size();
            return seen.getAndSet(now) == now;
        });
    }

    private void rules(List<PolicyRule> wanted) {
        role().edit(found -> {
            found.setRules(wanted);
            return found;
        });
    }

    private Resource<ClusterRole> role() {
        return client.rbac().clusterRoles().withName("taskplatform-operator");
    }

    private static boolean isWatch(HttpRequest request) {
        return String.valueOf(request.uri().getQuery()).contains("watch=true");
    }

    /** Asks for a history so old that the API server answers 410, as it does after etcd has been compacted. */
    private static final class Forgotten implements Interceptor {
        private final AtomicInteger left = new AtomicInteger();
        private final AtomicInteger given = new AtomicInteger();

        private void next(int watches) {
            left.set(watches);
        }

        private int given() {
            return given.get();
        }

        @Override
        public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
            if (isWatch(request) && left.get() > 0) {
                left.decrementAndGet();
                given.incrementAndGet();
                builder.uri(URI.create(
                        request.uri().toString().replaceFirst("resourceVersion=[0-9]+", "resourceVersion=1")));
            }
        }
    }
}
