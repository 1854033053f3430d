// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/** Exactly one kind of database, for both services. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "has(self.embedded) != has(self.postgres)",
        message =
                "set exactly one of database.embedded (a volume for each service) and database.postgres (a Secret with the connection)")
@ValidationRule(
        value = "!has(self.embedded) || !has(oldSelf.embedded) || quantity(" + DatabaseSpec.SIZE
                + ").compareTo(quantity(" + DatabaseSpec.OLD_SIZE + ")) >= 0",
        message = "a volume can't shrink: set database.embedded.storage.size to what it was, or more (absent means "
                + DatabaseSpec.DEFAULT_SIZE + ")")
@ValidationRule(
        value = "!has(self.embedded) || !has(oldSelf.embedded) || " + DatabaseSpec.STORAGE_CLASS + " == "
                + DatabaseSpec.OLD_STORAGE_CLASS,
        message =
                "the class of an existing volume can't be changed: set database.embedded.storage.storageClassName to what it"
                        + " was")
public record DatabaseSpec(
        @JsonPropertyDescription("SQLite in a volume of each service; one pod a service.")
        Embedded embedded,

        @JsonPropertyDescription(
                "A PostgreSQL database that exists already; each service has a schema of its own in it.")
        Postgres postgres) {

    /** The chart's default size of a volume; the shrink rule needs it for a resource that names no size. */
    static final String DEFAULT_SIZE = "1Gi";

    // With CEL's optional values the API server can't tell how long the strings are, and refuses the rule as too
    // costly.
    static final String SIZE = "(has(self.embedded.storage) && has(self.embedded.storage.size)"
            + " ? self.embedded.storage.size : '" + DEFAULT_SIZE + "')";
    static final String OLD_SIZE = "(has(oldSelf.embedded.storage) && has(oldSelf.embedded.storage.size)"
            + " ? oldSelf.embedded.storage.size : '" + DEFAULT_SIZE + "')";
    static final String STORAGE_CLASS = "(has(self.embedded.storage) && has(self.embedded.storage.storageClassName)"
            + " ? self.embedded.storage.storageClassName : '')";
    static final String OLD_STORAGE_CLASS =
            "(has(oldSelf.embedded.storage) && has(oldSelf.embedded.storage.storageClassName)"
                    + " ? oldSelf.embedded.storage.storageClassName : '')";

    /** SQLite in a volume of each service. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Embedded(
            @JsonPropertyDescription("The volume that each service gets.")
            Storage storage,

            @JsonPropertyDescription(
                    "A backup that the services start with, instead of nothing. It is restored once, before their first start.")
            Restore restore) {}

    /** What a new resource begins with. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Restore(
            @JsonPropertyDescription(
                    "Where the backup is in the store of spec.backup: status.path of the TaskPlatformBackup, such as default/team/monday.")
            @Required
            @Size(max = 253) @ValidationRule(
                    value = "self.matches('^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*){2,}$')",
                    message = "must be the status.path of a TaskPlatformBackup, such as default/team/monday")
            String backup,

            @JsonPropertyDescription(
                    "Secret in this namespace with the encryption keys of the TaskPlatform that was backed up; without them the backup is of no use. Default NAME-keys, with its name as the backup's path has it.")
            @Pattern(Patterns.OBJECT_NAME) String keysSecretName) {}

    /** The volume of a service. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Storage(
            @JsonPropertyDescription(
                    "Size of each volume, default 1Gi. It can grow if the storage class allows it, never shrink.")
            @Size(max = 32) @Pattern("^[1-9][0-9]*(\\.[0-9]+)?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$") String size,

            @JsonPropertyDescription(
                    "Storage class of the volumes; absent: the cluster's default. It can't be changed later.")
            @Size(max = 253) @Pattern(Patterns.OBJECT_NAME) String storageClassName) {}

    /** The connection to a PostgreSQL database, every field of it from one Secret. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Postgres(
            @JsonPropertyDescription(
                    "Secret in this namespace with the connection. One that CloudNativePG makes works as it is.")
            @Required
            @Pattern(Patterns.OBJECT_NAME) String secretName,

            @JsonPropertyDescription("Names of the keys in the Secret, where they differ from CloudNativePG's.")
            Keys keys) {}

    /** Names of the keys in the Secret of a PostgreSQL connection. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Keys(
            @JsonPropertyDescription("Key of the server's host name, default host.")
            @Size(min = 1, max = 253) @Pattern(Patterns.DATA_KEY) String host,

            @JsonPropertyDescription("Key of the server's port, default port.")
            @Size(min = 1, max = 253) @Pattern(Patterns.DATA_KEY) String port,

            @JsonPropertyDescription("Key of the database's name, default dbname.")
            @Size(min = 1, max = 253) @Pattern(Patterns.DATA_KEY) String dbname,

            @JsonPropertyDescription("Key of the role's name, default username.")
            @Size(min = 1, max = 253) @Pattern(Patterns.DATA_KEY) String username,

            @JsonPropertyDescription("Key of the role's password, default password.")
            @Size(min = 1, max = 253) @Pattern(Patterns.DATA_KEY) String password) {}
}
