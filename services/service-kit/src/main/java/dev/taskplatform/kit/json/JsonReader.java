// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.http.TextBody;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.webserver.http.ServerRequest;

/**
 * Reads the body of a request as one JSON object, strictly: right media type, valid UTF-8, no duplicate names, nothing
 * after the object, nesting of at most 32. The server's payload limit bounds the length.
 */
public final class JsonReader {
    private static final MediaType MERGE_PATCH = MediaTypes.create("application/merge-patch+json");

    private final ObjectMapper mapper;

    /** @param mapper from {@link Json#mapper()} */
    public JsonReader(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * The fields of an {@code application/json} body.
     *
     * @throws ProblemException 400 malformed-body with the place, or 415
     */
    public JsonFields fields(ServerRequest request) {
        return new JsonFields(object(request, MediaTypes.APPLICATION_JSON));
    }

    /**
     * The body as it is.
     *
     * @param mediaType what the client must have sent; parameters such as charset=utf-8 are fine
     * @throws ProblemException 400 malformed-body with the place, or 415
     */
    public ObjectNode object(ServerRequest request, MediaType mediaType) {
        return parse(TextBody.read(request, mediaType));
    }

    /**
     * A merge patch (RFC 7396) as it is.
     *
     * @throws ProblemException 400 malformed-body with the place, or 415
     */
    public ObjectNode mergePatch(ServerRequest request) {
        return object(request, MERGE_PATCH);
    }

    /**
     * The fields of a body whatever its media type is called; for clients that never say.
     *
     * @throws ProblemException 400 malformed-body with the place
     */
    public JsonFields fieldsOfAnyType(ServerRequest request) {
        return new JsonFields(parse(TextBody.readOfAnyType(request)));
    }

    private ObjectNode parse(String text) {
        if (text.isBlank()) {
            throw malformed("The body is empty; a JSON object is expected.");
        }
        JsonNode node;
        try {
            node = mapper.readTree(text);
        } catch (JsonProcessingException e) {
            throw malformed(reason(e) + place(e.getLocation()) + ".");
        }
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw malformed("The body must be a JSON object.");
    }

    /** Jackson's message up to the part that speaks of its own settings and positions. */
    private static String reason(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        for (String tail : new String[] {"\n", " (", ": was expecting", ": not allowed", "; "}) {
            int end = message.indexOf(tail);
            message = end < 0 ? message : message.substring(0, end);
        }
        return message;
    }

    private static String place(JsonLocation at) {
        return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    private static ProblemException malformed(String detail) {
        return new ProblemException(ProblemType.MALFORMED_BODY, detail);
    }
}
