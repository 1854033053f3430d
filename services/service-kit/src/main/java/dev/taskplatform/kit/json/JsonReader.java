// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.common.media.type.MediaType;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpMediaType;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads the body of a request as one JSON object, strictly: right media type, valid UTF-8, no duplicate names, nothing
 * after the object, nesting of at most 32. The server's payload limit bounds the length.
 */
public final class JsonReader {
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
        requireMediaType(request, mediaType);
        return parse(decode(bytes(request)));
    }

    /**
     * The fields of a body whatever its media type is called; for clients that never say.
     *
     * @throws ProblemException 400 malformed-body with the place
     */
    public JsonFields fieldsOfAnyType(ServerRequest request) {
        return new JsonFields(parse(decode(bytes(request))));
    }

    private static void requireMediaType(ServerRequest request, MediaType expected) {
        Optional<HttpMediaType> actual;
        try {
            actual = request.headers().contentType();
        } catch (IllegalArgumentException e) {
            actual = Optional.empty();
        }
        boolean matches = actual.filter(type -> type.mediaType().text().equalsIgnoreCase(expected.text()))
                .filter(type -> type.charset().map("utf-8"::equalsIgnoreCase).orElse(true))
                .isPresent();
        if (!matches) {
            throw new ProblemException(
                            ProblemType.UNSUPPORTED_MEDIA_TYPE,
                            "Send the body with the header Content-Type: " + expected.text() + ", encoded in UTF-8.")
                    .with(HeaderValues.create(HeaderNames.ACCEPT, expected.text()));
        }
    }

    private static byte[] bytes(ServerRequest request) {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        try (InputStream body = request.content().inputStream()) {
            return body.readAllBytes();
        } catch (IOException | InsufficientDataAvailableException e) {
            throw new CloseConnectionException("The client went away in the middle of its body", e);
        } catch (NumberFormatException e) {
            // Helidon lets it through where a chunk's length is no hexadecimal number.
            throw RequestException.builder()
                    .type(EventType.BAD_REQUEST)
                    .message("Chunk size is invalid")
                    .setKeepAlive(false)
                    .cause(e)
                    .build();
        }
    }

    private static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw malformed("The body is not valid UTF-8 at byte " + (in.position() + 1) + ".");
        }
        return out.flip().toString();
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
