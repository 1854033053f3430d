// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.problem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Status;

/** RFC 9457 {@code application/problem+json} with the extension members {@code requestId} and {@code errors}. */
public final class ProblemFormat implements ErrorFormat {
    private static final MediaType PROBLEM_JSON = MediaTypes.create("application", "problem+json");

    @Override
    public Status status(Problem problem) {
        return problem.type().status();
    }

    @Override
    public MediaType mediaType() {
        return PROBLEM_JSON;
    }

    @Override
    public JsonNode body(Problem problem) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("type", problem.type().uri().toString())
                .put("title", problem.type().title())
                .put("status", problem.type().status().code())
                .put("detail", problem.detail())
                .put("instance", problem.instance())
                .put("requestId", problem.requestId());
        if (!problem.errors().isEmpty()) {
            ArrayNode errors = body.putArray("errors");
            for (FieldError error : problem.errors()) {
                ObjectNode item = errors.addObject();
                if (error.pointer() != null) {
                    item.put("pointer", error.pointer());
                } else {
                    item.put("parameter", error.parameter());
                }
                item.put("detail", error.detail());
            }
        }
        return body;
    }
}
