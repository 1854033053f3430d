// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import dev.taskplatform.kit.id.UuidText;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import io.helidon.webserver.http.ServerRequest;
import java.util.UUID;

/** Reads what a path names. */
public final class PathParameters {
    private PathParameters() {}

    /**
     * The UUID that a segment of the path is.
     *
     * @throws ProblemException 400 naming the parameter, when it isn't one
     */
    public static UUID uuid(ServerRequest request, String name) {
        return UuidText.find(request.path().pathParameters().get(name))
                .orElseThrow(() -> ProblemException.invalidField(
                        FieldError.parameter(name, "This part of the path must be a UUID of 36 characters.")));
    }
}
