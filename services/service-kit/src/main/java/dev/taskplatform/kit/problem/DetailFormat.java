// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.problem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Status;
import java.util.Set;

/**
 * Errors of the simple API as FastAPI gives them: {@code {"detail": text}}, and status 422 with
 * {@code {"detail": [{type, loc, msg}]}} for a body that does not fit.
 */
public final class DetailFormat implements ErrorFormat {
    private static final Set<ProblemType> UNPROCESSABLE =
            Set.of(ProblemType.MALFORMED_BODY, ProblemType.INVALID_FIELDS, ProblemType.UNSUPPORTED_MEDIA_TYPE);

    @Override
    public Status status(Problem problem) {
        return UNPROCESSABLE.contains(problem.type())
                ? Status.UNPROCESSABLE_CONTENT_422
                : problem.type().status();
    }

    @Override
    public MediaType mediaType() {
        return MediaTypes.APPLICATION_JSON;
    }

    @Override
    public JsonNode body(Problem problem) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (!UNPROCESSABLE.contains(problem.type())) {
            return body.put("detail", problem.detail());
        }
        ArrayNode details = body.putArray("detail");
        if (problem.errors().isEmpty()) {
            String type = problem.type() == ProblemType.MALFORMED_BODY ? "json_invalid" : "model_attributes_type";
            details.addObject()
                    .put("type", type)
                    .put("msg", problem.detail())
                    .putArray("loc")
                    .add("body");
        }
        for (FieldError error : problem.errors()) {
            ObjectNode item = details.addObject().put("type", code(error)).put("msg", error.detail());
            if (error.pointer() != null) {
                item.putArray("loc").add("body").add(error.pointer().substring(1));
            } else {
                item.putArray("loc").add("query").add(error.parameter());
            }
        }
        return body;
    }

    private static String code(FieldError error) {
        return switch (error.kind()) {
            case MISSING -> "missing";
            case UNKNOWN -> "extra_forbidden";
            case TYPE -> "string_type";
            case VALUE -> "value_error";
        };
    }
}
