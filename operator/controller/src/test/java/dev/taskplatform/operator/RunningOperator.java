// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import dev.taskplatform.operator.health.OperatorMetrics;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.HttpURLConnection;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** The operator as Main starts it, for one namespace, with its requests recorded. */
final class RunningOperator implements AutoCloseable {

    static final Map<String, String> ENVIRONMENT = Map.of(
            "OPERAND_USER_SERVICE_IMAGE", "registry.example.com/tp/user-service:1.0.0",
            "OPERAND_TASK_SERVICE_IMAGE", "registry.example.com/tp/task-service:1.0.0",
            "CHART_DIR", "../../helm/taskplatform");

    private final AtomicInteger lostLeases = new AtomicInteger();
    private final List<String> writes = new CopyOnWriteArrayList<>();
    private final List<String> denials = new CopyOnWriteArrayList<>();
    private final OperatorMetrics metrics = new OperatorMetrics(Clock.systemUTC());
    private final TaskPlatformOperator operator;

    RunningOperator(Config config, String namespace) {
        this(config, namespace, Map.of());
    }

    RunningOperator(Config config, String namespace, Map<String, String> settings) {
        this(config, namespace, settings, builder -> {});
    }

    /** @param tap what else is to see the requests */
    RunningOperator(Config config, String namespace, Map<String, String> settings, Consumer<HttpClient.Builder> tap) {
        this(config, namespace, settings, tap, Clock.systemUTC());
    }

    /**
     * @param tap what else is to see the requests
     * @param clock its time
     */
    RunningOperator(
            Config config,
            String namespace,
            Map<String, String> settings,
            Consumer<HttpClient.Builder> tap,
            Clock clock) {
        var environment = new HashMap<>(ENVIRONMENT);
        environment.put("WATCH_NAMESPACES", namespace);
        environment.putAll(settings);
        operator = new TaskPlatformOperator(
                config,
                builder -> {
                    tap.accept(builder);
                    builder.addOrReplaceInterceptor("writes", new Interceptor() {
                        @Override
                        public void before(BasicBuilder request, HttpRequest copy, RequestTags tags) {
                            if (!copy.method().equals("GET")) {
                                writes.add(copy.method() + " " + copy.uri().getPath());
                            }
                        }

                        @Override
                        public void after(
                                HttpRequest request,
                                HttpResponse<?> response,
                                AsyncBody.Consumer<List<ByteBuffer>> consumer) {
                            if (response.code() == HttpURLConnection.HTTP_FORBIDDEN) {
                                denials.add(request.method() + " " + request.uri());
                            }
                        }
                    });
                },
                OperatorConfiguration.of(environment),
                metrics,
                new SecureRandom(),
                clock,
                () -> lostLeases.incrementAndGet());
        operator.start();
    }

    /** @return requests other than GET, in order */
    List<String> writes() {
        return List.copyOf(writes);
    }

    /** @return requests that the API server did not allow */
    List<String> denials() {
        return List.copyOf(denials);
    }

    /** @return reconciliations that have ended */
    long reconciliations() {
        return metrics.reconciliations();
    }

    int lostLeases() {
        return lostLeases.get();
    }

    boolean isReady() {
        return operator.isReady();
    }

    @Override
    public void close() {
        operator.close();
        metrics.close();
    }
}
