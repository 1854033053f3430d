// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrdTest {

    private static final Path COMMITTED = Path.of("../../helm/taskplatform-operator/files/crds");

    @ParameterizedTest
    @ValueSource(classes = {TaskPlatform.class, TaskPlatformBackup.class})
    void theChartsCopyIsWhatTheClassesGenerate(Class<? extends CustomResource<?, ?>> resource) throws IOException {
        String generated = CrdFile.generate(resource);
        Path committed = COMMITTED.resolve(CustomResource.getCRDName(resource) + ".yaml");
        if (Boolean.getBoolean("crd.update")) {
            Files.createDirectories(COMMITTED);
            Files.writeString(committed, generated);
        }
        assertThat(committed)
                .as("the classes changed: run `mvn -pl operator/api test -Dcrd.update=true` and commit the file")
                .exists()
                .hasContent(generated);
    }

    @ParameterizedTest
    @ValueSource(classes = {TaskPlatform.class, TaskPlatformBackup.class})
    void everyFieldSaysWhatItIs(Class<? extends CustomResource<?, ?>> resource) {
        var crd = Serialization.unmarshal(CrdFile.generate(resource), CustomResourceDefinition.class);
        List<String> silent = new ArrayList<>();
        collectSilent(crd.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema(), "", silent);
        assertThat(silent).isEmpty();
    }

    @Test
    void columnsReadFromLeftToRight() {
        var crd = Serialization.unmarshal(CrdFile.generate(TaskPlatform.class), CustomResourceDefinition.class);
        assertThat(crd.getSpec().getVersions().getFirst().getAdditionalPrinterColumns())
                .filteredOn(column -> column.getPriority() == 0)
                .extracting(column -> column.getName())
                .containsExactly("Ready", "Reason", "Replicas", "Version", "Age");
    }

    private static void collectSilent(JSONSchemaProps schema, String path, List<String> silent) {
        if (schema.getDescription() == null) {
            silent.add(path);
        }
        JSONSchemaProps object =
                schema.getItems() == null ? schema : schema.getItems().getSchema();
        object.getProperties().forEach((name, property) -> collectSilent(property, path + "." + name, silent));
    }
}
