// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** What is backed up. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self == oldSelf",
        message = "a backup is made once and can't be changed: make another TaskPlatformBackup")
public record TaskPlatformBackupSpec(
        @JsonPropertyDescription("The TaskPlatform in this namespace; its spec.backup says where its backups are.")
        @Required
        @Size(max = 40) @Pattern(Patterns.OBJECT_NAME) String taskPlatformName) {}
