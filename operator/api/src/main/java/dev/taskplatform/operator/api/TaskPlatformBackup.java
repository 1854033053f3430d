// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * One backup of a TaskPlatform whose database is embedded; it is made once.
 *
 * <p>Its name is the backup's folder, and the first part of the names of two Jobs.
 */
@Group("taskplatform.dev")
@Version("v1alpha1")
@Kind("TaskPlatformBackup")
@Singular("taskplatformbackup")
@Plural("taskplatformbackups")
@ShortNames("tpb")
@ValidationRule(
        value = "self.metadata.name.size() <= 57 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
        message =
                "metadata.name is the first part of the names of Jobs: choose one of at most 57 characters that has only"
                        + " lower-case letters, digits and '-'")
@AdditionalPrinterColumn(
        name = "TaskPlatform",
        jsonPath = ".spec.taskPlatformName",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Completed", jsonPath = ".status.completedAt", type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(name = "Path", jsonPath = ".status.path", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Message",
        jsonPath = ".status.message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public class TaskPlatformBackup extends CustomResource<TaskPlatformBackupSpec, TaskPlatformBackupStatus>
        implements Namespaced {

    /** The spec comes from the API server or from the caller, never from a constructor: a record has no empty one. */
    @Override
    protected TaskPlatformBackupSpec initSpec() {
        return null;
    }

    @Override
    protected TaskPlatformBackupStatus initStatus() {
        return null;
    }

    @Override
    @JsonPropertyDescription("What is backed up; it can't be changed.")
    @Required
    public TaskPlatformBackupSpec getSpec() {
        return super.getSpec();
    }

    @Override
    @JsonPropertyDescription("What has become of it; written by the operator alone.")
    public TaskPlatformBackupStatus getStatus() {
        return super.getStatus();
    }
}
