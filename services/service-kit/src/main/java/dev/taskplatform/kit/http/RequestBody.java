// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a request's body, for as many as want to read them. The server's payload limit bounds their number. */
public final class RequestBody {
    private RequestBody() {}

    /**
     * The whole body; empty when there is none. Not to be changed.
     *
     * @throws CloseConnectionException when the client goes away before its end
     */
    public static byte[] of(ServerRequest request) {
        return request.context()
                .get(Bytes.class)
                .orElseGet(() -> {
                    Bytes read = new Bytes(read(request));
                    request.context().register(read);
                    return read;
                })
                .value();
    }

    private static byte[] read(ServerRequest request) {
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

    private static final class Bytes {
        private final byte[] value;

        Bytes(byte[] value) {
            this.value = value;
        }

        byte[] value() {
            return value;
        }
    }
}
