// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.revision;

import dev.taskplatform.operator.apply.Digest;
import dev.taskplatform.operator.apply.Kinds;
import dev.taskplatform.operator.apply.Labels;
import dev.taskplatform.operator.apply.Services;
import dev.taskplatform.operator.chart.OperandImages;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What decides what the pods of a resource do: the pod template and the settings file of each service. How many pods there are and
 * who may call them is no part of it.
 *
 * @param values the chart's values that it was rendered with
 * @param images images of a resource that names no others, as they were then
 * @param templates pod templates by service
 * @param files data of the ConfigMaps by service
 */
public record Revision(
        Map<String, Object> values,
        OperandImages images,
        Map<String, Map<String, Object>> templates,
        Map<String, Map<String, Object>> files) {

    /**
     * @param rendered all objects of a resource
     * @param values the values they were rendered with
     * @param images images of a resource that names no others
     * @return the part of them that decides what the pods do
     */
    public static Revision of(
            List<GenericKubernetesResource> rendered, Map<String, Object> values, OperandImages images) {
        Map<String, Map<String, Object>> templates = new TreeMap<>();
        Map<String, Map<String, Object>> files = new TreeMap<>();
        rendered.forEach(object -> Services.of(object).ifPresent(service -> {
            if (Kinds.of(object).equals(Kinds.DEPLOYMENT)) {
                templates.put(service, object.get("spec", "template"));
            } else if (Kinds.of(object).equals(Kinds.CONFIG_MAP)) {
                files.put(service, object.get("data"));
            }
        }));
        return new Revision(values, images, templates, files);
    }

    /** @return 32 hexadecimal digits; equal for revisions whose pods do the same */
    public String digest() {
        return Digest.of(List.of(templates, files));
    }

    /**
     * @param service name of a service
     * @return digest of its pod template; a change of it restarts its pods
     */
    public Optional<String> template(String service) {
        return Optional.ofNullable(templates.get(service)).map(Digest::of);
    }

    /**
     * @param rendered objects of the same resource
     * @return the same with this revision's pod templates and files
     */
    public List<GenericKubernetesResource> in(List<GenericKubernetesResource> rendered) {
        return rendered.stream()
                .map(object -> Services.of(object)
                        .map(service -> Kinds.of(object).equals(Kinds.CONFIG_MAP) && files.containsKey(service)
                                ? with(object, service, "data", files.get(service))
                                : withTemplate(object, service))
                        .orElse(object))
                .toList();
    }

    /**
     * @param rendered objects of the same resource
     * @param services names of services
     * @return the objects, with this revision's pod templates of these services
     */
    public List<GenericKubernetesResource> templatesIn(
            List<GenericKubernetesResource> rendered, Collection<String> services) {
        return rendered.stream()
                .map(object -> Services.of(object)
                        .filter(services::contains)
                        .map(service -> withTemplate(object, service))
                        .orElse(object))
                .toList();
    }

    private GenericKubernetesResource withTemplate(GenericKubernetesResource object, String service) {
        if (!Kinds.of(object).equals(Kinds.DEPLOYMENT) || !templates.containsKey(service)) {
            return object;
        }
        Map<String, Object> spec = new LinkedHashMap<>(object.<Map<String, Object>>get("spec"));
        spec.put("template", templates.get(service));
        return with(object, service, "spec", spec);
    }

    private GenericKubernetesResource with(
            GenericKubernetesResource object, String service, String field, Object value) {
        var copy = new GenericKubernetesResource();
        copy.setApiVersion(object.getApiVersion());
        copy.setKind(object.getKind());
        copy.setMetadata(new ObjectMetaBuilder(object.getMetadata())
                .addToLabels(Labels.VERSION, version(service))
                .build());
        Map<String, Object> fields = new LinkedHashMap<>(object.getAdditionalProperties());
        fields.put(field, value);
        copy.setAdditionalProperties(fields);
        return copy;
    }

    /** The version of the service, which its objects carry as the pods do. */
    private String version(String service) {
        var template = new GenericKubernetesResource();
        template.setAdditionalProperties(templates.get(service));
        return template.get("metadata", "labels", Labels.VERSION);
    }
}
