// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.RequestException;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import java.io.FilterInputStream;
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

    /**
     * The body as it comes, for once; empty when there is none.
     *
     * @throws CloseConnectionException out of what reads it, when the client goes away before its end
     */
    public static InputStream stream(ServerRequest request) {
        return request.content().hasEntity()
                ? new ClientBody(request.content().inputStream())
                : InputStream.nullInputStream();
    }

    private static byte[] read(ServerRequest request) {
        try (InputStream body = stream(request)) {
            return body.readAllBytes();
        } catch (IOException e) {
            throw gone(e);
        }
    }

    private static CloseConnectionException gone(Exception cause) {
        return new CloseConnectionException("The client went away in the middle of its body", cause);
    }

    /** Tells what a client does wrong from what happens here. */
    private static final class ClientBody extends FilterInputStream {
        ClientBody(InputStream body) {
            super(body);
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            try {
                return super.read(bytes, offset, length);
            } catch (IOException | InsufficientDataAvailableException e) {
                throw gone(e);
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
