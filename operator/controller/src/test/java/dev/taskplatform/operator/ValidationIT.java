// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.taskplatform.operator.api.TaskPlatform;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The API server refuses what can't work, and says what to do. */
@ExtendWith(KubeApi.class)
class ValidationIT {

    private final KubeApi.Server api;
    private String namespace;

    ValidationIT(KubeApi.Server api) {
        this.api = api;
    }

    @BeforeEach
    void newNamespace() {
        namespace = api.namespace("validation");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # what is asked for                                                         | what the message says
            null                                                                        | spec: Required value
            {}                                                                          | spec.database: Required value
            {database: {}}                                                              | set exactly one of database.embedded
            {database: {embedded: {}, postgres: {secretName: db}}}                      | set exactly one of database.embedded
            {database: {postgres: {}}}                                                  | spec.database.postgres.secretName: Required value
            {replicas: 3, database: {embedded: {}}}                                     | set replicas to 1, or use database.postgres
            {replicas: -1, database: {postgres: {secretName: db}}}                      | spec.replicas: Invalid value
            {database: {embedded: {}}, userService: {replicas: 2}}                      | set userService.replicas to 1, or use database.postgres
            {database: {embedded: {}}, taskService: {replicas: 2}}                      | set taskService.replicas to 1, or use database.postgres
            {database: {embedded: {}}, userService: {autoscaling: {maxReplicas: 2}}}    | remove autoscaling, or use database.postgres
            {database: {embedded: {}}, taskService: {autoscaling: {maxReplicas: 2}}}    | remove autoscaling, or use database.postgres
            {database: {postgres: {secretName: db}}, taskService: {autoscaling: {minReplicas: 3, maxReplicas: 2}}} | lower one or raise the other
            {database: {postgres: {secretName: db}}, taskService: {autoscaling: {minReplicas: 1}}}  | maxReplicas: Required value
            {database: {postgres: {secretName: db}}, userService: {replicas: 2, autoscaling: {maxReplicas: 2}}} | remove userService.replicas or userService.autoscaling
            {database: {embedded: {storage: {size: big}}}}                              | spec.database.embedded.storage.size
            {database: {embedded: {storage: {size: 0Gi}}}}                              | spec.database.embedded.storage.size
            {database: {embedded: {}}, issuer: 'ftp://x'}                               | spec.issuer
            {database: {embedded: {}}, image: {tag: 'a b'}}                             | spec.image.tag
            {database: {embedded: {}}, backup: {schedule: '0 3 * * *'}}                 | set exactly one of backup.persistentVolumeClaim
            {database: {embedded: {}}, backup: {schedule: daily, persistentVolumeClaim: {claimName: b}}} | must be the five fields of cron
            {database: {embedded: {}}, backup: {keep: 3, persistentVolumeClaim: {claimName: b}}} | set backup.schedule, or remove them
            {database: {embedded: {restore: {backup: default/team/monday}}}}            | nothing says where it is
            {database: {embedded: {restore: {backup: monday}}}, backup: {persistentVolumeClaim: {claimName: b}}} | must be the status.path of a TaskPlatformBackup
            {database: {embedded: {}}, deletionPolicy: Keep}                            | Unsupported value: "Keep"
            {database: {embedded: {}}, taskService: {config: {logLevel: LOUD}}}         | Unsupported value: "LOUD"
            {database: {embedded: {}}, userService: {config: {accessTokenLifetime: 15m}}} | accessTokenLifetime: Invalid value: "string": must be a duration as ISO 8601 writes it, of PT1S to PT24H, such as PT15M
            {database: {embedded: {}}, userService: {config: {accessTokenLifetime: P1DT1S}}} | of PT1S to PT24H, such as PT15M
            {database: {embedded: {}}, userService: {config: {sessionLifetime: P3M}}}   | of PT1M to P3660D, such as P90D
            {database: {embedded: {}}, userService: {config: {sessionLifetime: PT0S}}}  | of PT1M to P3660D, such as P90D
            {database: {embedded: {}}, userService: {config: {sessionLifetime: PT335H59M59S}}} | config.refreshIdleLifetime (absent means P14D) is more than config.sessionLifetime
            {database: {embedded: {}}, userService: {config: {refreshIdleLifetime: P91D}}} | lower the one or raise the other
            {database: {embedded: {}}, userService: {config: {refreshGrace: PT1.5S}}}   | of PT0S to PT5M, such as PT10S
            {database: {embedded: {}}, userService: {config: {registrationMode: nobody}}} | Unsupported value: "nobody"
            {database: {embedded: {}}, userService: {config: {hashingMemoryMib: 18}}}   | raise the one or lower the other
            {database: {embedded: {}}, userService: {config: {throttle: {account: {failures: 101}}}}} | throttle.account.failures
            {database: {embedded: {}}, userService: {config: {trustedProxies: [10.0.0.1]}}} | trustedProxies[0]
            {database: {embedded: {}}, userService: {config: {keyRotationPeriod: PT59M}}} | of PT1H to P365D, such as P30D
            {database: {embedded: {}}, userService: {config: {throttle: {address: {window: P2D}}}}} | of PT1S to P1D, such as PT15M
            {database: {embedded: {}}, userService: {config: {rate: {requestsPerSecond: 1, burst: 601}}}} | more than 600 times rate.requestsPerSecond
            {database: {embedded: {}}, userService: {config: {argon2: {memoryKib: 1}}}} | argon2.memoryKib
            {database: {embedded: {}}, userService: {config: {auditRetention: PT23H59M}}} | of P1D or more, such as P365D
            {database: {embedded: {}}, admin: {username: root}}                         | set admin.username and, for the password, admin.passwordSecretName
            {database: {embedded: {}}, admin: {passwordSecretName: first}}              | or neither
            {database: {embedded: {}}, serviceAuthentication: {kubernetes: {issuer: k8s}}} | serviceAuthentication.kubernetes.issuer
            {database: {embedded: {}}, serviceAuthentication: {kubernetes: {clients: [{clientId: one, serviceAccountName: a}]}}} | scopes: Required value
            {database: {embedded: {}}, serviceAuthentication: {kubernetes: {clients: [{clientId: one, serviceAccountName: a, scopes: [tasks]}]}}} | Unsupported value: "tasks"
            {database: {embedded: {}}, serviceAuthentication: {kubernetes: {clients: [{clientId: task-service, serviceAccountName: a, scopes: [events]}]}}} | the client id is the platform's own
            {database: {embedded: {}}, serviceAuthentication: {kubernetes: {clients: [{clientId: one, serviceAccountName: a, namespace: b, scopes: [events]}, {clientId: two, serviceAccountName: a, namespace: b, scopes: [events]}]}}} | a ServiceAccount is there twice
            {database: {embedded: {}}, networkPolicy: {kubernetesApiPorts: [0]}}        | kubernetesApiPorts[0]
            {database: {embedded: {}}, userService: {service: {nodePort: 30000}}}       | set one of these, or remove nodePort
            {database: {embedded: {}}, userService: {service: {type: NodePort, nodePort: 30000}}, taskService: {service: {type: NodePort, nodePort: 30000}}} | give each its own
            {database: {embedded: {}}, userService: {env: [{name: A, value: x, valueFrom: {secretKeyRef: {name: s, key: k}}}]}} | remove one
            {database: {embedded: {}}, userService: {env: [{name: A, valueFrom: {}}]}}  | exactly one of secretKeyRef and configMapKeyRef
            {database: {embedded: {}}, userService: {env: [{name: A}, {name: A}]}}      | Duplicate value
            {database: {embedded: {}}, userService: {env: [{name: 1A}]}}                | spec.userService.env[0].name
            {database: {embedded: {}}, taskService: {podTemplate: {labels: {app.kubernetes.io/name: x}}}} | choose a name other than app.kubernetes.io/...
            {database: {embedded: {}}, taskService: {podTemplate: {annotations: {checksum/config: x}}}} | checksum/config and taskplatform.dev/... are set already
            {database: {embedded: {}}, taskService: {podTemplate: {annotations: {taskplatform.dev/x: x}}}} | choose another name
            {database: {embedded: {}}, rollout: {healthDeadline: PT9S}}                 | must be a duration as ISO 8601 writes it, of PT10S to PT24H, such as PT10M
            {database: {embedded: {}}, rollout: {healthDeadline: P2D}}                  | of PT10S to PT24H
            {database: {embedded: {}}, userService: {resources: {requests: {cpu: much}}}} | want quantities, such as cpu: 250m and memory: 256Mi
            {database: {embedded: {}}, upgradePolicy: Never}                            | Unsupported value: "Never"
            {database: {embedded: {}}, httpRoute: {enabled: true}}                      | set httpRoute.parentRefs
            {database: {embedded: {}}, ingress: {host: 'a b'}}                          | spec.ingress.host
            {database: {embedded: {}}, networkPolicy: {postgresPort: 70000}}            | postgresPort
            """)
    void refuses(String spec, String message) {
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> api.create(namespace, "demo", spec))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1demo", "de.mo", "a23456789012345678901234567890123456789012"})
    void refusesANameThatAServiceCannotHave(String name) {
        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> api.create(namespace, name, "{database: {embedded: {}}}"))
                .withMessageContaining("choose one of at most 40 characters that starts with a letter");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # before                                                 | patch                                                    | what the message says
            {database: {embedded: {}}}                               | {"database":{"embedded":{"storage":{"size":"500Mi"}}}}     | a volume can't shrink
            {database: {embedded: {storage: {size: 5Gi}}}}           | {"database":{"embedded":{"storage":{"size":"1Gi"}}}}       | a volume can't shrink
            {database: {embedded: {storage: {size: 5Gi}}}}           | {"database":{"embedded":{"storage":null}}}                 | a volume can't shrink
            {database: {embedded: {storage: {size: 2Gi}}}}           | {"database":{"embedded":{"storage":{"size":"2000M"}}}}     | a volume can't shrink
            {database: {embedded: {}}}                               | {"database":{"embedded":{"storage":{"storageClassName":"fast"}}}} | the class of an existing volume can't be changed
            {database: {postgres: {secretName: db}}}                 | {"database":{"postgres":null,"embedded":{}}}               | there is no way back
            {database: {embedded: {}}}                               | {"replicas":3}                                             | set replicas to 1, or use database.postgres
            """)
    void refusesAChange(String before, String patch, String message) {
        api.create(namespace, "demo", before);

        assertThatExceptionOfType(KubernetesClientException.class)
                .isThrownBy(() -> change(patch))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {database: {embedded: {}}}                               | {"database":{"embedded":{"storage":{"size":"2Gi"}}}}
            {database: {embedded: {storage: {size: 1Gi}}}}           | {"database":{"embedded":{"storage":{"size":"1024Mi"}}}}
            {database: {embedded: {storage: {size: 1Gi}}}}           | {"database":{"embedded":{"storage":null}}}
            {database: {postgres: {secretName: db}}}                 | {"database":{"postgres":{"secretName":"other"}}}
            {database: {postgres: {secretName: db}}}                 | {"replicas":5}
            {database: {embedded: {}}}                               | {"replicas":0}
            {database: {embedded: {}}}                               | {"userService":{"config":{"refreshIdleLifetime":"P1D","sessionLifetime":"PT24H","refreshGrace":"PT0S"}}}
            {database: {embedded: {}}}                               | {"userService":{"config":{"throttle":{"account":{"failures":0}},"rate":{"requestsPerSecond":0}}}}
            {database: {embedded: {}}}                               | {"userService":{"config":{"hashingMemoryMib":19,"argon2":{"memoryKib":19456}}}}
            {database: {embedded: {}}}                               | {"admin":{"username":"root","passwordSecretName":"first"}}
            {database: {embedded: {}}}                               | {"serviceAuthentication":{"kubernetes":{"clients":[{"clientId":"one","serviceAccountName":"a","scopes":["events"]},{"clientId":"one","serviceAccountName":"a","namespace":"b","scopes":["users:read"]}]}}}
            {database: {embedded: {}}}                               | {"userService":{"config":{"trustedProxies":["10.0.0.0/8","2001:db8::/32"]}}}
            """)
    void acceptsAChange(String before, String patch) {
        api.create(namespace, "demo", before);

        assertThatCode(() -> change(patch)).doesNotThrowAnyException();
    }

    @Test
    void scalesByTheScaleSubresource() {
        api.create(namespace, "demo", "{database: {postgres: {secretName: db}}}");

        var scaled = api.client()
                .genericKubernetesResources("taskplatform.dev/v1alpha1", "TaskPlatform")
                .inNamespace(namespace)
                .withName("demo")
                .scale(3);

        assertThat(scaled.<Integer>get("spec", "replicas")).isEqualTo(3);
    }

    private void change(String patch) {
        api.client()
                .resources(TaskPlatform.class)
                .inNamespace(namespace)
                .withName("demo")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": " + patch + "}");
    }
}
