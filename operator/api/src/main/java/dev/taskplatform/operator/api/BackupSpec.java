// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Where backups of embedded databases are, and when they are made unasked. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.persistentVolumeClaim) != has(self.s3)",
        message = "set exactly one of backup.persistentVolumeClaim (a volume) and backup.s3 (a store that speaks S3)")
@ValidationRule(
        value = "has(self.schedule) || !has(self.keep) && !has(self.timeZone)",
        message = "backup.keep and backup.timeZone are about scheduled backups: set backup.schedule, or remove them")
public record BackupSpec(
        @JsonPropertyDescription(
                "When backups are made, as cron writes it: minute, hour, day of the month, month, day of the week. Absent: only on demand, by a TaskPlatformBackup.")
        @Size(max = 100) @ValidationRule(
                value = "self.matches('^[-0-9A-Za-z*/,]+( [-0-9A-Za-z*/,]+){4}$')",
                message = "must be the five fields of cron, such as '0 3 * * *' for each day at three")
        String schedule,

        @JsonPropertyDescription("Time zone that the schedule is meant in, such as Europe/Berlin. Default Etc/UTC.")
        @Size(max = 64) @Pattern("^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*$") String timeZone,

        @JsonPropertyDescription(
                "How many scheduled backups stay, default 7: older ones are removed from the store, too.")
        @Min(1) @Max(1000) Integer keep,

        @JsonPropertyDescription("A volume that backups are written to.")
        Volume persistentVolumeClaim,

        @JsonPropertyDescription("A store that speaks S3.") S3 s3) {

    /** A volume that exists already. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Volume(
            @JsonPropertyDescription(
                    "Claim in this namespace. The pods that write to it run on any node, one after the other.")
            @Required
            @Pattern(Patterns.OBJECT_NAME) String claimName) {}

    /** A bucket that exists already. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record S3(
            @JsonPropertyDescription("URL of the store, such as https://s3.eu-central-1.amazonaws.com.")
            @Required
            @Size(max = 253) @ValidationRule(
                    value = "self.matches('^https?://[^/?#@ ]+/?$')",
                    message = "must be the URL of the store alone, such as https://s3.eu-central-1.amazonaws.com")
            String endpoint,

            @JsonPropertyDescription("The bucket.") @Required @Pattern("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$") String bucket,

            @JsonPropertyDescription("Folder in the bucket that the backups are in. Absent: none.")
            @Size(max = 253) @Pattern("^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$") String prefix,

            @JsonPropertyDescription("Region of the bucket, default us-east-1.")
            @Size(max = 63) @Pattern("^[a-z0-9-]+$") String region,

            @JsonPropertyDescription(
                    "Secret in this namespace whose keys access-key-id and secret-access-key may list, read, write and delete in the bucket.")
            @Required
            @Pattern(Patterns.OBJECT_NAME) String credentialsSecretName,

            @JsonPropertyDescription(
                    "Secret in this namespace whose key ca.crt is the authority of the store's certificate, in PEM. Absent: a public one.")
            @Pattern(Patterns.OBJECT_NAME) String caSecretName) {}
}
