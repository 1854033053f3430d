// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.reconcile;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import dev.taskplatform.operator.api.TaskPlatform;
import dev.taskplatform.operator.api.TaskPlatformSpec;
import dev.taskplatform.operator.data.CronSchedule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What in a resource has no effect, or is likely not meant. A field that the API server doesn't know is dropped before anybody else
 * sees it; {@code kubectl apply} leaves what it was given in an annotation, where it can be seen all the same.
 */
final class Warnings {

    private static final String GIVEN = "kubectl.kubernetes.io/last-applied-configuration";
    private static final int MOST = 10;

    private final ObjectMapper mapper = new ObjectMapper();

    /** @return sentences, the most important first, 10 at most */
    List<String> of(TaskPlatform resource) {
        TaskPlatformSpec spec = resource.getSpec();
        return Stream.of(
                        unknown(resource),
                        unusedReplicas(spec).stream().toList(),
                        movingTag(spec).stream().toList(),
                        unreachableIssuer(spec).stream().toList(),
                        openPods(spec).stream().toList(),
                        backup(spec).stream().toList())
                .flatMap(List::stream)
                .limit(MOST)
                .toList();
    }

    private List<String> unknown(TaskPlatform resource) {
        String given = Objects.requireNonNullElse(resource.getMetadata().getAnnotations(), Map.<String, String>of())
                .get(GIVEN);
        if (given == null) {
            return List.of();
        }
        List<String> found = new ArrayList<>();
        try {
            mapper.readerFor(TaskPlatformSpec.class)
                    .withHandler(new Unknown(found))
                    .readValue(mapper.readTree(given).path("spec"));
        } catch (IOException e) {
            return List.of(); // somebody else's annotation, and no spec of ours
        }
        return found;
    }

    /** Notes each field that the classes don't have, with its path. */
    private static final class Unknown extends DeserializationProblemHandler {
        private final List<String> found;

        private Unknown(List<String> found) {
            this.found = found;
        }

        @Override
        public boolean handleUnknownProperty(
                DeserializationContext context,
                JsonParser parser,
                JsonDeserializer<?> deserializer,
                Object beanOrClass,
                String name)
                throws IOException {
            String path = parser.getParsingContext()
                    .pathAsPointer()
                    .toString()
                    .replace('/', '.')
                    .replaceAll("\\.([0-9]+)(?=\\.|$)", "[$1]");
            found.add("spec%s is no field of a TaskPlatform and was ignored: is it misspelt?".formatted(path));
            parser.skipChildren();
            return true;
        }
    }

    private static Optional<String> unusedReplicas(TaskPlatformSpec spec) {
        boolean both = Stream.of(spec.userService(), spec.taskService())
                .allMatch(service -> service != null && (service.replicas() != null || service.autoscaling() != null));
        return both && spec.replicas() != null && spec.replicas() != 1
                ? Optional.of("spec.replicas has no effect: both services have a number of pods of their own")
                : Optional.empty();
    }

    private static Optional<String> movingTag(TaskPlatformSpec spec) {
        return Optional.ofNullable(spec.image())
                .map(image -> image.tag())
                .filter("latest"::equals)
                .map(tag -> "spec.image.tag is latest, which names another image from time to time: pods that are"
                        + " restarted may differ, and a rollback may not bring the old ones back. Name a version");
    }

    private static Optional<String> unreachableIssuer(TaskPlatformSpec spec) {
        boolean outside =
                spec.ingress() != null && Boolean.TRUE.equals(spec.ingress().enabled())
                        || spec.httpRoute() != null
                                && Boolean.TRUE.equals(spec.httpRoute().enabled());
        return outside && spec.issuer() == null
                ? Optional.of(
                        "spec.issuer is not set: clients of OAuth outside the cluster are told an address that they"
                                + " can't reach. Set it to the public URL")
                : Optional.empty();
    }

    private static Optional<String> openPods(TaskPlatformSpec spec) {
        return spec.networkPolicy() != null
                        && Boolean.FALSE.equals(spec.networkPolicy().enabled())
                ? Optional.of(
                        "spec.networkPolicy.enabled is false: every pod of the cluster reaches the services and their"
                                + " metrics")
                : Optional.empty();
    }

    private static Optional<String> backup(TaskPlatformSpec spec) {
        if (spec.backup() == null || spec.backup().schedule() == null) {
            return Optional.empty();
        }
        if (spec.database().postgres() != null) {
            return Optional.of("spec.backup has no effect: PostgreSQL is backed up by its own tools");
        }
        try {
            CronSchedule.of(spec.backup());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("spec.backup.schedule is not kept, no backup is made unasked: " + e.getMessage());
        }
    }
}
