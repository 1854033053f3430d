// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.databind.node.TextNode;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Generates the CustomResourceDefinition from the classes, and adds what the generator has no annotation for: the order of the
 * columns, keyed lists (the API server refuses a key that is given twice, and server-side apply merges by it), and where to read
 * about the fields that are those of a Pod or a NetworkPolicy.
 */
final class CrdFile {

    private static final List<String> COLUMNS = List.of(
            "Ready", "Reason", "Replicas", "Version", "TaskPlatform", "Phase", "Completed", "Path", "Age", "Message");

    /** Fields whose type is Kubernetes' own, and where its documentation is. */
    private static final Map<String, String> KUBERNETES_TYPES = Map.of(
            "affinity", "pod.spec.affinity",
            "tolerations", "pod.spec.tolerations",
            "ingressFrom", "networkpolicy.spec.ingress.from",
            "observeFrom", "networkpolicy.spec.ingress.from",
            "postgresTo", "networkpolicy.spec.egress.to",
            "kubernetesApiTo", "networkpolicy.spec.egress.to");

    private CrdFile() {}

    /** @return the definition of a class as YAML */
    static String generate(Class<? extends CustomResource<?, ?>> resource) {
        var output = new ByteArrayOutputStream();
        new CRDGenerator()
                .withPostProcessor(new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata crd, String crdVersion) {
                        return complete((CustomResourceDefinition) crd);
                    }
                })
                .customResourceClasses(resource)
                .withOutput(new CRDGenerator.CRDOutput<ByteArrayOutputStream>() {
                    @Override
                    public ByteArrayOutputStream outputFor(String crdName) {
                        return output;
                    }

                    @Override
                    public void close() throws IOException {
                        output.close();
                    }
                })
                .generate();
        String yaml = output.toString(StandardCharsets.UTF_8);
        return "# Generated from the classes of operator/api; refreshed by: mvn -pl operator/api test -Dcrd.update=true\n"
                + yaml.substring(yaml.indexOf("apiVersion:"));
    }

    private static CustomResourceDefinition complete(CustomResourceDefinition crd) {
        var version = crd.getSpec().getVersions().getFirst();
        version.getAdditionalPrinterColumns()
                .sort(Comparator.comparingInt(
                        (CustomResourceColumnDefinition column) -> COLUMNS.indexOf(column.getName())));
        JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
        var properties = root.getProperties();
        JSONSchemaProps spec = properties.get("spec");
        JSONSchemaProps status = properties.get("status");
        if (crd.getSpec().getNames().getKind().equals("TaskPlatform")) {
            root.setDescription("TaskPlatform gives a team accounts and tasks: a user service and a task service.");
            completeLists(spec, status);
        } else {
            root.setDescription("TaskPlatformBackup is one backup of a TaskPlatform whose database is embedded.");
            keyedBy("name", status, "services");
        }
        pointToKubernetes(spec);
        dropRepeatedRules(spec);
        return crd;
    }

    private static void completeLists(JSONSchemaProps spec, JSONSchemaProps status) {
        keyedBy("name", spec, "image", "pullSecrets");
        keyedBy("name", spec, "userService", "env");
        keyedBy("name", spec, "taskService", "env");
        keyedBy("type", status, "conditions");
        keyedBy("name", status, "services");
        at(status, "conditions")
                .getItems()
                .getSchema()
                .getProperties()
                .get("lastTransitionTime")
                .setFormat("date-time");
        at(status, "conditions")
                .getItems()
                .getSchema()
                .getProperties()
                .get("status")
                .setEnum(List.of(new TextNode("True"), new TextNode("False"), new TextNode("Unknown")));
        keyedBy("name", status, "restore", "services");
        keyedBy("name", status, "migration", "services");
    }

    /** The generator finds the rule of a record's component twice, at the field and at the accessor. */
    private static void dropRepeatedRules(JSONSchemaProps schema) {
        schema.setXKubernetesValidations(
                schema.getXKubernetesValidations().stream().distinct().toList());
        schema.getProperties().values().forEach(CrdFile::dropRepeatedRules);
        if (schema.getItems() != null) {
            dropRepeatedRules(schema.getItems().getSchema());
        }
    }

    private static JSONSchemaProps at(JSONSchemaProps schema, String... path) {
        for (String name : path) {
            schema = schema.getProperties().get(name);
        }
        return schema;
    }

    private static void keyedBy(String key, JSONSchemaProps schema, String... path) {
        JSONSchemaProps list = at(schema, path);
        list.setXKubernetesListType("map");
        list.setXKubernetesListMapKeys(List.of(key));
        JSONSchemaProps item = list.getItems().getSchema();
        if (!item.getRequired().contains(key)) {
            item.getRequired().add(key);
        }
    }

    private static void pointToKubernetes(JSONSchemaProps schema) {
        schema.getProperties().forEach((name, property) -> {
            String documented = KUBERNETES_TYPES.get(name);
            if (documented == null) {
                pointToKubernetes(property);
            } else {
                describe(property, documented);
            }
        });
    }

    private static void describe(JSONSchemaProps schema, String path) {
        JSONSchemaProps object =
                schema.getItems() == null ? schema : schema.getItems().getSchema();
        object.getProperties().forEach((name, property) -> {
            property.setDescription("See `kubectl explain " + path + "." + name + "`.");
            describe(property, path + "." + name);
        });
    }
}
