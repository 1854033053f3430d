// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that can't work are refused, with the place and, where a template refuses them, what to do. */
class RefusedValuesTest {

    @RegisterExtension
    static final SecretsApi API = new SecretsApi();

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        replicas: 3                                        | 3 replicas of task-service need PostgreSQL | set database.postgres.secretName, or set replicas to 1
        userService: {replicas: 2}                         | 2 replicas of user-service need PostgreSQL | or set userService.replicas to 1
        taskService: {autoscaling: {maxReplicas: 3}}       | taskService.autoscaling needs PostgreSQL   | remove taskService.autoscaling
        {database: {postgres: {secretName: a}}, userService: {autoscaling: {minReplicas: 4, maxReplicas: 3}}} | minReplicas (4) is more than maxReplicas (3) | lower the one or raise the other
        {database: {postgres: {secretName: a}}, userService: {replicas: 2, autoscaling: {maxReplicas: 3}}}    | the autoscaler sets the number of user-service pods | remove userService.replicas or userService.autoscaling
        {database: {postgres: {secretName: a}}, userService: {autoscaling: {maxReplicas: 3}, resources: {requests: {cpu: null}}}} | measures CPU against the request | set userService.resources.requests.cpu
        userService: {service: {nodePort: 30080}}          | userService.service.nodePort is set        | set userService.service.type to NodePort, or remove nodePort
        {userService: {service: {type: NodePort, nodePort: 30080}}, taskService: {service: {type: NodePort, nodePort: 30080}}} | ask for the same nodePort 30080 | give each its own
        taskService: {podTemplate: {labels: {app.kubernetes.io/name: x}}}    | app.kubernetes.io/name is set by the chart | choose another name
        taskService: {podTemplate: {annotations: {checksum/config: x}}}      | checksum/config is set by the chart        | choose another name
        httpRoute: {enabled: true}                         | no Gateway serves the route                | set httpRoute.parentRefs
        rollout: {healthDeadline: PT9S}                                      | rollout.healthDeadline is PT9S             | set it to PT10S at least and PT24H at most
        userService: {config: {accessTokenLifetime: P1DT1S}}                 | userService.config.accessTokenLifetime is P1DT1S | set it to PT1S at least and PT24H at most
        userService: {config: {keyRotationPeriod: PT59M59S}}                 | userService.config.keyRotationPeriod is PT59M59S | set it to PT1H at least and P365D at most
        userService: {config: {refreshGrace: PT5M1S}}                        | userService.config.refreshGrace is PT5M1S  | set it to PT0S at least and PT5M at most
        userService: {config: {throttle: {account: {lock: P2D}}}}            | userService.config.throttle.account.lock is P2D | set it to PT1S at least and P1D at most
        userService: {config: {throttle: {address: {window: PT0S}}}}         | userService.config.throttle.address.window is PT0S | set it to PT1S at least and P1D at most
        userService: {config: {rate: {requestsPerSecond: 1, burst: 601}}}    | (601) is more than 600 times requestsPerSecond (1) | lower the one or raise the other
        userService: {config: {refreshIdleLifetime: P91D}}                   | (P91D) is more than sessionLifetime (P90D) | lower the one or raise the other
        userService: {config: {sessionLifetime: PT335H59M59S}}               | (P14D) is more than sessionLifetime (PT335H59M59S) | lower the one or raise the other
        userService: {config: {hashingMemoryMib: 200}}                       | (200) is more than the heap, which is half of resources.limits.memory (384 MiB) | lower the one or raise the other
        userService: {config: {hashingMemoryMib: 64, argon2: {memoryKib: 65537}}} | (64) is less than the memory of one hash (argon2.memoryKib 65537) | raise the one or lower the other
        userService: {config: {argon2: {memoryKib: 98305}}}                  | (96 MiB) is less than the memory of one hash | raise the limit or lower memoryKib
        userService: {config: {auditRetention: PT23H}}                       | userService.config.auditRetention is PT23H | set it to P1D at least
        admin: {username: root}                            | admin.username is set alone                | admin.passwordSecretName
        admin: {passwordSecretName: first}                 | admin.passwordSecretName is set alone      | needs admin.username
        serviceAuthentication: {kubernetes: {clients: [{clientId: task-service, serviceAccountName: a, scopes: [events]}]}} | the client id task-service is the platform's own | choose another
        serviceAuthentication: {kubernetes: {clients: [{clientId: one, serviceAccountName: a, scopes: [events]}, {clientId: two, serviceAccountName: a, namespace: blue, scopes: [events]}]}} | the ServiceAccount system:serviceaccount:blue:a is there twice | remove one
        userService: {resources: {limits: {memory: 64Mi}}}                   | (16 MiB) is less than the memory of one hash | raise the limit or lower memoryKib
        """)
    void byATemplate(String values, String what, String remedy) {
        assertThat(Chart.TASKPLATFORM.refusal(values))
                .hasValueSatisfying(message -> assertThat(message).contains(what, remedy));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        replica: 2                                                  | additional properties 'replica' not allowed
        replicas: -1                                                | /replicas
        replicas: two                                               | /replicas
        replicas: 1000                                              | /replicas
        image: {tag: 'a b'}                                         | /image/tag
        image: {tag: 'v1@sha256:short'}                             | /image/tag
        image: {pullPolicy: Sometimes}                              | /image/pullPolicy
        image: {registry: 'https://registry.example.com'}           | /image/registry
        image: {pullSecrets: [mine]}                                | /image/pullSecrets/0
        database: {embedded: {storage: {size: 1 GB}}}               | /database/embedded/storage/size
        database: {postgres: {secretName: Not_A_Name}}              | /database/postgres/secretName
        database: {postgres: {keys: {host: ''}}}                    | /database/postgres/keys/host
        database: {postgres: {password: secret}}                    | additional properties 'password' not allowed
        deletionPolicy: Keep                                        | /deletionPolicy
        issuer: team.example.com                                    | /issuer
        userService: {image: {repository: 'user-service:v1'}}       | /userService/image/repository
        userService: {config: {logLevel: VERBOSE}}                  | /userService/config/logLevel
        userService: {config: {accessTokenLifetime: 15m}}           | /userService/config/accessTokenLifetime
        userService: {config: {passwordMinLength: 0}}               | /userService/config/passwordMinLength
        userService: {config: {argon2: {memoryKib: 64}}}            | /userService/config/argon2/memoryKib
        userService: {config: {registrationMode: by-invitation}}    | /userService/config/registrationMode
        userService: {config: {sessionLifetime: 90d}}               | /userService/config/sessionLifetime
        userService: {config: {sessionLifetime: P3M}}               | /userService/config/sessionLifetime
        userService: {config: {throttle: {account: {failures: 101}}}} | /userService/config/throttle/account/failures
        userService: {config: {throttle: {address: {lock: PT1M}}}}  | additional properties 'lock' not allowed
        userService: {config: {rate: {burst: 0}}}                   | /userService/config/rate/burst
        userService: {config: {trustedProxies: [10.0.0.1]}}         | /userService/config/trustedProxies/0
        admin: {passwordSecretKey: ''}                              | /admin/passwordSecretKey
        admin: {password: secret}                                   | additional properties 'password' not allowed
        serviceAuthentication: {kubernetes: {issuer: 'http://k8s'}} | /serviceAuthentication/kubernetes/issuer
        serviceAuthentication: {kubernetes: {clients: [{clientId: one, serviceAccountName: a, scopes: [tasks]}]}} | /serviceAuthentication/kubernetes/clients/0/scopes/0
        serviceAuthentication: {kubernetes: {clients: [{clientId: one, scopes: [events]}]}} | missing property 'serviceAccountName'
        networkPolicy: {kubernetesApiPorts: []}                     | /networkPolicy/kubernetesApiPorts
        taskService: {config: {passwordMinLength: 8}}               | additional properties 'passwordMinLength' not allowed
        taskService: {autoscaling: {minReplicas: 2}}                | properties 'maxReplicas' required
        taskService: {service: {type: ExternalName}}                | /taskService/service/type
        taskService: {env: [{name: A, value: 1}]}                   | /taskService/env/0/value
        taskService: {env: [{value: a}]}                            | missing property 'name'
        networkPolicy: {ingressFrom: [{}]}                          | /networkPolicy/ingressFrom/0
        networkPolicy: {postgresPort: 0}                            | /networkPolicy/postgresPort
        ingress: {host: 'https://team.example.com'}                 | /ingress/host
        compatibility: {simpleApi: 'yes'}                           | /compatibility/simpleApi
        """)
    void bySchema(String values, String message) {
        assertThat(Chart.TASKPLATFORM.refusal(values))
                .hasValueSatisfying(refusal -> assertThat(refusal).contains(message));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1team",
                "team.blue",
                "t123456789t123456789t123456789t123456789t123456789t",
            })
    void namesThatServicesCannotHave(String release) {
        assertThat(Chart.TASKPLATFORM.as(release).refusal("{}"))
                .hasValueSatisfying(message -> assertThat(message)
                        .contains(
                                release, "take at most 50 lower-case letters, digits and dashes, with a letter first"));
    }

    @Test
    void theLongestNameIsAccepted() {
        assertThat(Chart.TASKPLATFORM
                        .as("t123456789t123456789t123456789t123456789t123456789")
                        .refusal("{}"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        watchNamespace: a                                  | additional properties 'watchNamespace' not allowed
        watchNamespaces: [A_B]                             | /watchNamespaces/0
        replicas: -1                                       | /replicas
        operands: {userService: {image: 'a b'}}            | /operands/userService/image
        networkPolicy: {apiServerPorts: []}                | /networkPolicy/apiServerPorts
        logLevel: FINE                                     | /logLevel
        """)
    void byTheOperatorsSchema(String values, String message) {
        assertThat(Chart.OPERATOR.refusal(values))
                .hasValueSatisfying(refusal -> assertThat(refusal).contains(message));
    }

    @Test
    void whatAParentChartHandsDownIsAccepted() {
        String handedDown = "{global: {imageRegistry: x}, enabled: true}";
        assertThat(Chart.TASKPLATFORM.refusal(handedDown)).isEmpty();
        assertThat(Chart.OPERATOR.refusal(handedDown)).isEmpty();
    }

    /** The other direction, that the schema knows every value, is the strictness that all other tests rest on. */
    @ParameterizedTest
    @ValueSource(strings = {"taskplatform", "taskplatform-operator"})
    void everyValueOfTheSchemaIsInTheValuesFile(String name) {
        Chart chart = new Chart(name, "r", "n");
        Map<String, Object> schema = read(chart.file("values.schema.json"));
        List<String> absent = new ArrayList<>();
        collectAbsent("", schema, schema, read(chart.file("values.yaml")), absent);
        assertThat(absent).isEmpty();
    }

    /** Properties whose absence means something: the values file shows them as comments. */
    private static final Set<String> COMMENTED =
            Set.of("config", "autoscaling", "resources", "backup", "persistentVolumeClaim", "s3");

    @SuppressWarnings("unchecked")
    private static void collectAbsent(
            String path,
            Map<String, Object> root,
            Map<String, Object> schema,
            Map<String, Object> values,
            List<String> absent) {
        Map<String, Map<String, Object>> properties =
                (Map<String, Map<String, Object>>) schema.getOrDefault("properties", Map.of());
        properties.forEach((name, property) -> {
            Object value = values.get(name);
            if (!values.containsKey(name) && !Set.of("global", "enabled").contains(name)) {
                absent.add(path + "/" + name);
            } else if (value instanceof Map<?, ?> map && !COMMENTED.contains(name)) {
                collectAbsent(path + "/" + name, root, resolve(root, property), (Map<String, Object>) map, absent);
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> resolve(Map<String, Object> root, Map<String, Object> schema) {
        if (schema.get("$ref") instanceof String reference) {
            Map<String, Object> definitions = (Map<String, Object>) root.get("definitions");
            return (Map<String, Object>) definitions.get(reference.substring(reference.lastIndexOf('/') + 1));
        }
        return schema;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> read(String yaml) {
        return Serialization.unmarshal(yaml, Map.class);
    }
}
