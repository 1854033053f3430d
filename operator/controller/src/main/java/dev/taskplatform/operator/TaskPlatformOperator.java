// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.apply.KeySecret;
import dev.taskplatform.operator.apply.Labels;
import dev.taskplatform.operator.chart.Chart;
import dev.taskplatform.operator.chart.ChartValues;
import dev.taskplatform.operator.health.OperatorMetrics;
import dev.taskplatform.operator.reconcile.TaskPlatformReconciler;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.health.InformerHealthIndicator;
import io.javaoperatorsdk.operator.health.InformerWrappingEventSourceHealthIndicator;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/** The operator as one object that can be started and stopped. */
public final class TaskPlatformOperator implements AutoCloseable {

    private static final int RECONCILE_THREADS = 4;
    private static final Duration STOP = Duration.ofSeconds(10);
    // A missed event is made good by then.
    private static final Duration MAX_INTERVAL = Duration.ofMinutes(5);
    private static final long PAGE = 500;

    private final KubernetesClient client;
    private final KubernetesClient watching;
    private final Operator operator;
    private final Optional<Leadership> leadership;
    private final List<RegisteredController<?>> controllers;

    /**
     * @param config access to the cluster
     * @param tap what else is to see the requests to the API server
     * @param configuration what the environment says
     * @param metrics where reconciliations are counted
     * @param random source of encryption keys
     * @param clock time of the conditions' transitions
     * @param leaseLost what to do when another replica has become the leader while this one works; it has to end the process
     */
    public TaskPlatformOperator(
            Config config,
            Consumer<HttpClient.Builder> tap,
            OperatorConfiguration configuration,
            OperatorMetrics metrics,
            SecureRandom random,
            Clock clock,
            Runnable leaseLost) {
        var clients = new Clients(config, tap, metrics);
        client = clients.working();
        watching = clients.watching();
        leadership = configuration
                .leaseName()
                .map(lease -> new Leadership(client, configuration.leaseNamespace(), lease, metrics::leads, leaseLost));
        if (leadership.isEmpty()) {
            metrics.leads();
        }
        operator = new Operator(overrider -> configure(overrider, metrics));
        var reconcilers = TaskPlatformReconciler.create(
                client,
                Chart.load(
                        configuration.chart(),
                        client.getKubernetesVersion().getGitVersion(),
                        ChartValues.withKeySecret("probe")),
                configuration.images(),
                new KeySecret(random),
                clock);
        controllers = List.of(
                operator.register(
                        reconcilers.platforms(),
                        overrider -> configure(overrider, configuration)
                                .withName("taskplatform")
                                // Annotations ask for something too, and don't change the generation.
                                .withGenerationAware(false)
                                .withOnUpdateFilter(TaskPlatformOperator::asksForMore)),
                operator.register(
                        reconcilers.backups(),
                        overrider -> configure(overrider, configuration).withName("taskplatformbackup")));
    }

    private void configure(ConfigurationServiceOverrider overrider, OperatorMetrics metrics) {
        overrider
                .withKubernetesClient(watching)
                .withCloseClientOnStop(false)
                .withMetrics(metrics)
                .withConcurrentReconciliationThreads(RECONCILE_THREADS)
                .withConcurrentWorkflowExecutorThreads(1)
                .withReconciliationTerminationTimeout(STOP)
                .withParseResourceVersions(true);
        leadership.ifPresent(found -> overrider.withLeaderElectionConfiguration(found.configuration()));
    }

    private static <R extends HasMetadata> ControllerConfigurationOverrider<R> configure(
            ControllerConfigurationOverrider<R> overrider, OperatorConfiguration configuration) {
        overrider
                .withFieldManager(Labels.MANAGER)
                .withReconciliationMaxInterval(MAX_INTERVAL)
                .withInformerListLimit(PAGE)
                .withRetry(new GenericRetry()
                        .withoutMaxAttempts()
                        .setInitialInterval(500)
                        .setIntervalMultiplier(1.5)
                        .setMaxInterval(30_000));
        if (!configuration.namespaces().isEmpty()) {
            overrider.settingNamespaces(configuration.namespaces());
        }
        return overrider;
    }

    private static boolean asksForMore(TaskPlatform now, TaskPlatform before) {
        var metadata = now.getMetadata();
        return !Objects.equals(metadata.getGeneration(), before.getMetadata().getGeneration())
                || !Objects.equals(
                        metadata.getAnnotations(), before.getMetadata().getAnnotations())
                || metadata.getDeletionTimestamp() != null;
    }

    /** Starts to watch and to work; returns when the caches are filled. */
    public void start() {
        operator.start();
    }

    /** @return whether the operator was started and every cache is filled */
    public boolean isReady() {
        return operator.getRuntimeInfo().isStarted()
                && controllers.stream()
                        .flatMap(controller ->
                                controller
                                        .getControllerHealthInfo()
                                        .informerEventSourceHealthIndicators()
                                        .values()
                                        .stream())
                        .flatMap(source -> informers(source).stream())
                        .allMatch(InformerHealthIndicator::hasSynced);
    }

    // The source's informers are a raw type in the framework.
    @SuppressWarnings("unchecked")
    private static Collection<InformerHealthIndicator> informers(
            @SuppressWarnings("rawtypes") InformerWrappingEventSourceHealthIndicator source) {
        return source.informerHealthIndicators().values();
    }

    /** Lets running reconciliations end, and stops. */
    @Override
    public void close() {
        leadership.ifPresent(Leadership::stopping);
        operator.stop();
        leadership.ifPresent(Leadership::release);
        watching.close();
        client.close();
    }
}
