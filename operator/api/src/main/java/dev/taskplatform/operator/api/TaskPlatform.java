// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A user service and a task service for one team, as one resource.
 *
 * <p>The name is the prefix of every object's name; the longest is {@code NAME-user-service}, which has to be a Service's name
 * (RFC 1035 label, 63 characters), and 40 leaves room for suffixes that pods and jobs get.
 */
@Group("taskplatform.dev")
@Version("v1alpha1")
@Kind("TaskPlatform")
@Singular("taskplatform")
@Plural("taskplatforms")
@ShortNames("tp")
@Categories("all")
@ValidationRule(
        value = "self.metadata.name.size() <= 40 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message =
                "metadata.name is the prefix of the names of Services: choose one of at most 40 characters that starts with"
                        + " a letter and has only lower-case letters, digits and '-'")
@ValidationRule(
        value = "!has(oldSelf.spec.database.postgres) || !has(self.spec.database.embedded)"
                + " || has(oldSelf.status) && has(oldSelf.status.database) && oldSelf.status.database == 'Embedded'",
        message = "the data is in PostgreSQL, and there is no way back: make a new TaskPlatform with database.embedded")
@ValidationRule(
        value = "!has(oldSelf.status) || !has(oldSelf.status.database) || !has(self.spec.database.embedded)"
                + " || !has(self.spec.database.embedded.restore) || has(oldSelf.spec.database.embedded)"
                + " && has(oldSelf.spec.database.embedded.restore)"
                + " && self.spec.database.embedded.restore == oldSelf.spec.database.embedded.restore",
        message = "a backup is restored into a new TaskPlatform, and this one has data already: make another with"
                + " database.embedded.restore")
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Replicas", jsonPath = ".status.replicas", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.version", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
@AdditionalPrinterColumn(
        name = "Message",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1)
public class TaskPlatform extends CustomResource<TaskPlatformSpec, TaskPlatformStatus> implements Namespaced {

    /** The spec comes from the API server or from the caller, never from a constructor: a record has no empty one. */
    @Override
    protected TaskPlatformSpec initSpec() {
        return null;
    }

    @Override
    protected TaskPlatformStatus initStatus() {
        return null;
    }

    @Override
    @JsonPropertyDescription("What the user wants; what is left out is the default that the field's description names.")
    @Required
    public TaskPlatformSpec getSpec() {
        return super.getSpec();
    }

    @Override
    @JsonPropertyDescription("What the operator observed; written by the operator alone.")
    public TaskPlatformStatus getStatus() {
        return super.getStatus();
    }
}
