// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.common.media.type.MediaType;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpMediaType;
import io.helidon.webserver.http.ServerRequest;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads the body of a request as valid UTF-8. The server's payload limit bounds the length. */
public final class TextBody {
    private TextBody() {}

    /**
     * The text.
     *
     * @param mediaType what the client must have sent; parameters such as charset=utf-8 are fine
     * @throws ProblemException 415, or 400 malformed-body with the place
     */
    public static String read(ServerRequest request, MediaType mediaType) {
        requireMediaType(request, mediaType);
        return decode(RequestBody.of(request));
    }

    /**
     * The text whatever its media type is called; for clients that never say.
     *
     * @throws ProblemException 400 malformed-body with the place
     */
    public static String readOfAnyType(ServerRequest request) {
        return decode(RequestBody.of(request));
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

    private static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new ProblemException(
                    ProblemType.MALFORMED_BODY, "The body is not valid UTF-8 at byte " + (in.position() + 1) + ".");
        }
        return out.flip().toString();
    }
}
