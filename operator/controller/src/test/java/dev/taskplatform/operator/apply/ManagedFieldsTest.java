// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ManagedFieldsTest {

    private static final String MANAGER = "operator";

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # what was applied (spec)            | what belongs to the manager (f:spec)                                | all of it
            {a: 1}                               | {f:a: {}}                                                           | true
            {a: 1}                               | {f:b: {}}                                                           | false
            {a: 1, b: 2}                         | {f:a: {}}                                                           | false
            {a: null}                            | {}                                                                  | true
            {a: {b: 1, c: 2}}                    | {f:a: {f:b: {}, f:c: {}}}                                           | true
            {a: {b: 1, c: 2}}                    | {f:a: {.: {}, f:b: {}}}                                             | false
            {a: {b: 1, c: 2}}                    | {f:a: {}}                                                           | true
            {a: {}}                              | {f:a: {}}                                                           | true
            {a: [1, 2]}                          | {f:a: {}}                                                           | true
            {a: [{name: x, v: 1}]}               | {f:a: {'k:{"name":"x"}': {.: {}, f:name: {}, f:v: {}}}}             | true
            {a: [{name: x, v: 1}]}               | {f:a: {'k:{"name":"x"}': {.: {}, f:name: {}}}}                      | false
            {a: [{name: x}, {name: y}]}          | {f:a: {'k:{"name":"x"}': {.: {}, f:name: {}}}}                      | false
            {a: [{port: 80}]}                    | {f:a: {'k:{"port":80,"protocol":"TCP"}': {.: {}, f:port: {}}}}      | true
            {a: [{port: 80, protocol: UDP}]}     | {f:a: {'k:{"port":80,"protocol":"TCP"}': {.: {}, f:port: {}, f:protocol: {}}}} | false
            {a: [x, y]}                          | {f:a: {'v:"x"': {}, 'v:"y"': {}}}                                   | true
            {a: [x, y]}                          | {f:a: {'v:"x"': {}}}                                                | false
            """)
    void whetherEverythingBelongsToTheManager(String applied, String owned, boolean all) {
        var fields = ManagedFields.appliedBy(MANAGER, object("Apply", "''", "{f:spec: " + owned + "}"));

        assertThat(fields.cover(Fields.of(desired("{spec: " + applied + "}")))).isEqualTo(all);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # what there is (spec)                       | what belongs to the manager (f:spec)                     | the manager's part
            {a: 1, b: 2}                                 | {f:a: {}}                                                | {a: 1}
            {a: {b: 1, c: 2}}                            | {f:a: {f:b: {}}}                                         | {a: {b: 1}}
            {a: {b: 1, c: 2}}                            | {f:a: {}}                                                | {a: {b: 1, c: 2}}
            {a: [{name: x, v: 1, w: 2}, {name: y}]}      | {f:a: {'k:{"name":"x"}': {.: {}, f:name: {}, f:v: {}}}}  | {a: [{name: x, v: 1}]}
            {a: [x, y, z]}                               | {f:a: {'v:"x"': {}, 'v:"z"': {}}}                        | {a: [x, z]}
            {a: [{port: 80, protocol: TCP, to: 1}]}      | {f:a: {'k:{"port":80,"protocol":"TCP"}': {.: {}, f:port: {}}}} | {a: [{port: 80}]}
            {a: 1}                                       | {f:b: {}}                                                | {}
            """)
    void whatTheManagerHasAppliedCanBeTakenOut(String actual, String owned, String part) {
        var fields = ManagedFields.appliedBy(MANAGER, object("Apply", "''", "{f:spec: " + owned + "}"));

        assertThat(fields.of(Fields.of(desired("{spec: " + actual + "}"))).get("spec"))
                .isEqualTo(Fields.of(desired("{spec: " + part + "}")).get("spec"));
    }

    @Test
    void theIdentityOfAnObjectBelongsToNobody() {
        var fields = ManagedFields.appliedBy(MANAGER, object("Apply", "''", "{f:metadata: {f:labels: {f:x: {}}}}"));

        assertThat(fields.cover(Fields.of(desired("{metadata: {name: a, namespace: b, labels: {x: y}}}"))))
                .isTrue();
        assertThat(fields.cover(Fields.of(desired("{metadata: {name: a, namespace: b, labels: {z: y}}}"))))
                .isFalse();
    }

    @Test
    void onlyWhatWasAppliedCounts() {
        List<GenericKubernetesResource> others = List.of(
                object("Update", "''", "{f:spec: {f:a: {}}}"),
                object("Apply", "status", "{f:spec: {f:a: {}}}"),
                desired("{metadata: {}}"));

        assertThat(others)
                .noneMatch(object -> ManagedFields.appliedBy(MANAGER, object).contains("spec", "a"));
        assertThat(ManagedFields.appliedBy("other", object("Apply", "''", "{f:spec: {f:a: {}}}"))
                        .contains("spec", "a"))
                .isFalse();
        assertThat(ManagedFields.appliedBy(MANAGER, object("Apply", "''", "{f:spec: {f:a: {}}}"))
                        .contains("spec", "a"))
                .isTrue();
    }

    private static GenericKubernetesResource object(String operation, String subresource, String fields) {
        return Serialization.unmarshal("""
                apiVersion: v1
                kind: Thing
                metadata:
                  managedFields:
                  - {manager: operator, operation: %s, subresource: %s, apiVersion: v1, fieldsV1: %s}
                """.formatted(operation, subresource, fields), GenericKubernetesResource.class);
    }

    private static GenericKubernetesResource desired(String fields) {
        var object = Serialization.unmarshal("---\n" + fields, GenericKubernetesResource.class);
        object.setApiVersion("v1");
        object.setKind("Thing");
        return object;
    }
}
