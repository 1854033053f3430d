// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import dev.taskplatform.operator.chart.Chart;
import dev.taskplatform.operator.chart.RenderException;
import io.fabric8.kubeapitest.KubeAPIServer;
import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A real kube-apiserver with the CustomResourceDefinition, one for all test classes. */
final class KubeApi implements BeforeAllCallback, ParameterResolver {

    private static final String OPERATOR = "taskplatform-operator";
    private static final Path CHART = Path.of("../../helm/taskplatform-operator");
    private static final Path CRDS = CHART.resolve("files/crds");
    private static final List<String> PROGRAMS = List.of("kube-apiserver", "etcd", "kubectl");

    @Override
    public void beforeAll(ExtensionContext context) {
        server(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Server.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return server(context);
    }

    private static Server server(ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(KubeApi.class))
                .computeIfAbsent("server", key -> new Server(), Server.class);
    }

    /** The running API server. */
    static final class Server implements AutoCloseable {

        private final KubeAPIServer process;
        private final Config config;
        private final KubernetesClient client;

        private Server() {
            process = new KubeAPIServer(KubeAPIServerConfigBuilder.anAPIServerConfig()
                    .withOfflineMode(true)
                    .withTestDir(programs().toString())
                    .withUpdateKubeConfig(false)
                    .withApiServerFlags(List.of("--v=1"))
                    .build());
            process.start();
            config = Config.fromKubeconfig(process.getKubeConfigYaml());
            client = new KubernetesClientBuilder().withConfig(config).build();
            definitions().forEach(crd -> client.resource(crd).create());
            grantRights();
            definitions()
                    .forEach(crd -> client.resource(crd)
                            .waitUntilCondition(
                                    found -> found.getStatus() != null
                                            && found.getStatus().getConditions() != null
                                            && found.getStatus().getConditions().stream()
                                                    .anyMatch(condition ->
                                                            condition.getType().equals("Established")
                                                                    && condition
                                                                            .getStatus()
                                                                            .equals("True")),
                                    30,
                                    TimeUnit.SECONDS));
        }

        private static List<CustomResourceDefinition> definitions() {
            try (Stream<Path> files = Files.list(CRDS)) {
                return files.sorted()
                        .map(file -> Serialization.unmarshal(read(file), CustomResourceDefinition.class))
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        KubernetesClient client() {
            return client;
        }

        /** @return a kubeconfig of an administrator */
        String kubeconfig() {
            return process.getKubeConfigYaml();
        }

        /** @return access with the rights that the operator's chart gives it, and no others */
        Config operatorConfig() {
            return new ConfigBuilder(config)
                    .withImpersonateUsername(OPERATOR)
                    .withImpersonateGroups("system:authenticated")
                    .build();
        }

        private void grantRights() {
            List<GenericKubernetesResource> objects;
            try {
                objects = Chart.load(CHART, client.getKubernetesVersion().getGitVersion(), Map.of())
                        .render(OPERATOR, "taskplatform-system", Map.of());
            } catch (RenderException e) {
                throw new IllegalStateException("the operator's chart", e);
            }
            List<PolicyRule> rules = objects.stream()
                    .filter(object -> object.getKind().equals("ClusterRole")
                            || object.getKind().equals("Role"))
                    .map(object -> Serialization.unmarshal(Serialization.asJson(object), ClusterRole.class))
                    .flatMap(role -> role.getRules().stream())
                    .toList();
            client.resource(new ClusterRoleBuilder()
                            .withNewMetadata()
                            .withName(OPERATOR)
                            .endMetadata()
                            .withRules(rules)
                            .build())
                    .create();
            client.resource(new ClusterRoleBindingBuilder()
                            .withNewMetadata()
                            .withName(OPERATOR)
                            .endMetadata()
                            .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", OPERATOR)
                            .addNewSubject("rbac.authorization.k8s.io", "User", OPERATOR, null)
                            .build())
                    .create();
        }

        /** @return the name of a new namespace */
        String namespace(String prefix) {
            return client.resource(new NamespaceBuilder()
                            .withNewMetadata()
                            .withGenerateName(prefix + "-")
                            .endMetadata()
                            .build())
                    .create()
                    .getMetadata()
                    .getName();
        }

        /** Creates a resource from YAML as it stands, right or wrong. */
        GenericKubernetesResource create(String namespace, String name, String spec) {
            var resource =
                    Serialization.unmarshal("""
                    apiVersion: taskplatform.dev/v1alpha1
                    kind: TaskPlatform
                    metadata: {name: %s, namespace: %s}
                    spec: %s
                    """.formatted(name, namespace, spec), GenericKubernetesResource.class);
            return client.resource(resource).create();
        }

        @Override
        public void close() {
            client.close();
            process.stop();
        }
    }

    /** The library looks for the programs in a directory that is named after a version and the platform. */
    private static Path programs() {
        String given = System.getenv("KUBE_BIN_DIR");
        if (given == null || !PROGRAMS.stream().allMatch(name -> Files.isExecutable(Path.of(given, name)))) {
            throw new IllegalStateException("These tests need a real kube-apiserver, and KUBE_BIN_DIR (" + given
                    + ") is no directory with " + String.join(", ", PROGRAMS)
                    + ": run `make cluster`, then `eval \"$(dev/cluster/cluster.sh env)\"`");
        }
        try {
            String platform = System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-amd64";
            Path directory = Path.of("target/kube-api-test").toAbsolutePath();
            Path programs = Files.createDirectories(directory.resolve("k8s/1.0.0-" + platform));
            for (String name : PROGRAMS) {
                Files.deleteIfExists(programs.resolve(name));
                Files.createSymbolicLink(
                        programs.resolve(name), Path.of(given, name).toAbsolutePath());
            }
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
