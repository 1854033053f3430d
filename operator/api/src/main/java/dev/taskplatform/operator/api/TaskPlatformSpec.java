// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;

/**
 * What the user wants. The names are those of the chart's values.
 *
 * @param replicas pods of each service; the one field with a default in the schema, since the scale subresource answers an error
 *     for a resource without it
 * @param paused true: the operator writes nothing but the status
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!has(self.database.embedded) || self.replicas <= 1",
        message = "database.embedded serves one pod: set replicas to 1, or use database.postgres for more")
@ValidationRule(
        value = "!has(self.database.embedded) || !has(self.userService) || !has(self.userService.replicas)"
                + " || self.userService.replicas <= 1",
        message = "database.embedded serves one pod: set userService.replicas to 1, or use database.postgres for more")
@ValidationRule(
        value = "!has(self.database.embedded) || !has(self.taskService) || !has(self.taskService.replicas)"
                + " || self.taskService.replicas <= 1",
        message = "database.embedded serves one pod: set taskService.replicas to 1, or use database.postgres for more")
@ValidationRule(
        value = "!has(self.database.embedded) || !(has(self.userService) && has(self.userService.autoscaling))"
                + " && !(has(self.taskService) && has(self.taskService.autoscaling))",
        message = "database.embedded serves one pod: remove autoscaling, or use database.postgres")
@ValidationRule(
        value =
                "!has(self.userService) || !has(self.taskService) || !has(self.userService.service) || !has(self.taskService.service)"
                        + " || !has(self.userService.service.nodePort) || !has(self.taskService.service.nodePort)"
                        + " || self.userService.service.nodePort != self.taskService.service.nodePort",
        message = "userService and taskService ask for the same nodePort: give each its own")
@ValidationRule(
        value = "!has(self.database.embedded) || !has(self.database.embedded.restore) || has(self.backup)",
        message = "database.embedded.restore names a backup, but nothing says where it is: set backup.s3 or"
                + " backup.persistentVolumeClaim")
public record TaskPlatformSpec(
        @JsonPropertyDescription(
                "Pods of each service. More than one needs database.postgres. 0 stops both services and keeps the data.")
        @Default("1")
        @Min(0) @Max(100) @SpecReplicas
        Integer replicas,

        @JsonPropertyDescription("Where the images come from; absent: the images the operator was installed with.")
        ImageSpec image,

        @JsonPropertyDescription(
                "Where the data lives: exactly one of embedded and postgres. A change from embedded to postgres moves the data; there is no way back.")
        @Required
        DatabaseSpec database,

        @JsonPropertyDescription("Backups of embedded databases. PostgreSQL is backed up by its own tools.")
        BackupSpec backup,

        @JsonPropertyDescription("The service that knows users: accounts, sign-in, access tokens.")
        UserServiceSpec userService,

        @JsonPropertyDescription("The service that keeps tasks.")
        TaskServiceSpec taskService,

        @JsonPropertyDescription("The first administrator, and who reaches the administrators' API.")
        AdminSpec admin,

        @JsonPropertyDescription("How services prove who they are when they ask the user service for a token.")
        ServiceAuthenticationSpec serviceAuthentication,

        @JsonPropertyDescription("Interfaces kept for older clients.")
        CompatibilitySpec compatibility,

        @JsonPropertyDescription("Which traffic may reach and leave the pods.")
        NetworkPolicySpec networkPolicy,

        @JsonPropertyDescription("One host for both services by an Ingress.")
        IngressSpec ingress,

        @JsonPropertyDescription("The paths of both services by an HTTPRoute (Gateway API).")
        HttpRouteSpec httpRoute,

        @JsonPropertyDescription(
                "The `iss` of access tokens, an http or https URL. Default http://NAME-user-service.NAMESPACE.svc. Tokens made under another issuer are refused.")
        @Size(max = 512) @Pattern("^https?://[^\\s?#]+$") String issuer,

        @JsonPropertyDescription(
                "What becomes of the volumes and the key Secret when this resource is deleted: Retain (default) keeps them for a later resource of the same name, Delete removes them.")
        DeletionPolicy deletionPolicy,

        @JsonPropertyDescription("How a change reaches the pods, and what is done when they don't become healthy.")
        RolloutSpec rollout,

        @JsonPropertyDescription(
                "Whether a new version of the operator may restart pods. Manual (default): what it would change is in status.plan until it is approved. Automatic: at once.")
        UpgradePolicy upgradePolicy,

        @JsonPropertyDescription("True: the operator changes nothing but the status until it is false or absent again.")
        Boolean paused) {}
