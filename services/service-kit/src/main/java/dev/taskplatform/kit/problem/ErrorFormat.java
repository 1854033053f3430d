// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.problem;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.common.media.type.MediaType;
import io.helidon.http.Status;

/** How a {@link Problem} looks on the wire. */
public interface ErrorFormat {
    /** Status of the response; most formats take the problem type's. */
    Status status(Problem problem);

    /** {@code Content-Type} of the body. */
    MediaType mediaType();

    /** The body. */
    JsonNode body(Problem problem);
}
