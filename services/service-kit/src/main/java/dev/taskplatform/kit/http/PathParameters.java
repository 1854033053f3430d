// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Reads what a path names. */
public final class PathParameters {
    /** {@link UUID#fromString} also takes groups that are too short. */
    private static final Pattern CANONICAL =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private PathParameters() {}

    /**
     * The UUID that a segment of the path is.
     *
     * @throws ProblemException 400 naming the parameter, when it isn't one
     */
    public static UUID uuid(ServerRequest request, String name) {
        return uuid(request.path().pathParameters().get(name))
                .orElseThrow(() -> ProblemException.invalidField(
                        FieldError.parameter(name, "This part of the path must be a UUID of 36 characters.")));
    }

    /** The UUID that a text is, if it is one in its usual form. */
    public static Optional<UUID> uuid(String text) {
        return CANONICAL.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }
}
