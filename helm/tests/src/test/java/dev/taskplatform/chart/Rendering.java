// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The objects that a chart renders. */
record Rendering(List<HasMetadata> all) {

    /** What the tests call Helm's annotation of hooks. */
    static final String HOOK = "chart-tests/hook";

    private static final KubernetesSerialization YAML = new KubernetesSerialization();

    static Rendering parse(String yaml) {
        return new Rendering(Stream.of(yaml.split("(?m)^---.*$"))
                .filter(document -> document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#")))
                .map(document -> (HasMetadata) YAML.unmarshal(document))
                .toList());
    }

    /** What `helm install` makes; without the objects of hooks. */
    Rendering installed() {
        return new Rendering(all.stream().filter(object -> !isHook(object)).toList());
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return all.stream().filter(type::isInstance).map(type::cast).toList();
    }

    <T extends HasMetadata> Optional<T> find(Class<T> type, String name) {
        return all(type).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst();
    }

    <T extends HasMetadata> T get(Class<T> type, String name) {
        return find(type, name).orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " " + name));
    }

    /** Pods that run because of these objects, with the labels they will have. */
    List<Pod> pods() {
        Stream<Pod> ofDeployments = all(Deployment.class).stream()
                .map(deployment -> new PodBuilder()
                        .withMetadata(deployment.getSpec().getTemplate().getMetadata())
                        .editMetadata()
                        .withName(deployment.getMetadata().getName())
                        .withNamespace(deployment.getMetadata().getNamespace())
                        .endMetadata()
                        .withSpec(deployment.getSpec().getTemplate().getSpec())
                        .build());
        Stream<Pod> ofJobs = all(Job.class).stream()
                .map(job -> new PodBuilder()
                        .withMetadata(job.getSpec().getTemplate().getMetadata())
                        .editMetadata()
                        .withName(job.getMetadata().getName())
                        .withNamespace(job.getMetadata().getNamespace())
                        .endMetadata()
                        .withSpec(job.getSpec().getTemplate().getSpec())
                        .build());
        return Stream.of(ofDeployments, ofJobs, all(Pod.class).stream())
                .flatMap(pods -> pods)
                .toList();
    }

    /** The pods that a selector of matchLabels selects. */
    List<Pod> selectedBy(Map<String, String> labels) {
        return pods().stream()
                .filter(pod -> pod.getMetadata().getLabels().entrySet().containsAll(labels.entrySet()))
                .toList();
    }

    List<Pod> selectedBy(LabelSelector selector) {
        return selectedBy(Objects.requireNonNullElse(selector.getMatchLabels(), Map.of()));
    }

    static String nameOf(HasMetadata object) {
        return object.getMetadata().getName();
    }

    private static boolean isHook(HasMetadata object) {
        Map<String, String> annotations = object.getMetadata().getAnnotations();
        return annotations != null && annotations.containsKey(HOOK);
    }
}
