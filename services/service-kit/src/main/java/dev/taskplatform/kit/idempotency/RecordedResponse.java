// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.idempotency;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.common.uri.UriQuery;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.ServerResponseTrailers;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Takes a handler's answer, which must not go out before it is kept. */
final class RecordedResponse implements ServerResponse {
    private final ObjectMapper mapper;
    private final ServerResponseHeaders headers = ServerResponseHeaders.create();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final List<Runnable> beforeSend = new ArrayList<>();
    private final List<Runnable> whenSent = new ArrayList<>();
    private Status status = Status.OK_200;
    private boolean sent;

    /** @param mapper writes bodies that are objects */
    RecordedResponse(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    /**
     * What was answered.
     *
     * @throws IllegalStateException when nothing was
     */
    Answer answer() {
        if (!sent) {
            throw new IllegalStateException("The handler sent no answer");
        }
        Map<String, List<String>> recorded = new LinkedHashMap<>();
        headers.forEach(header -> recorded.put(header.name(), header.allValues()));
        return new Answer(status.code(), recorded, body.toByteArray());
    }

    @Override
    public ServerResponse status(Status newStatus) {
        this.status = newStatus;
        return this;
    }

    @Override
    public Status status() {
        return status;
    }

    @Override
    public ServerResponse header(Header header) {
        headers.set(header);
        return this;
    }

    @Override
    public void send() {
        send(new byte[0]);
    }

    @Override
    public void send(byte[] bytes) {
        if (sent) {
            throw new IllegalStateException("The handler sent two answers");
        }
        beforeSend.forEach(Runnable::run);
        body.writeBytes(bytes);
        finish();
    }

    /** As JSON. */
    @Override
    public void send(Object entity) {
        if (!headers.contains(HeaderNames.CONTENT_TYPE)) {
            headers.contentType(MediaTypes.APPLICATION_JSON);
        }
        try {
            send(mapper.writeValueAsBytes(entity));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An answer is no JSON", e);
        }
    }

    @Override
    public boolean isSent() {
        return sent;
    }

    @Override
    public OutputStream outputStream() {
        beforeSend.forEach(Runnable::run);
        finish();
        return body;
    }

    @Override
    public long bytesWritten() {
        return body.size();
    }

    @Override
    public ServerResponse beforeSend(Runnable action) {
        beforeSend.add(action);
        return this;
    }

    @Override
    public ServerResponse whenSent(Runnable action) {
        whenSent.add(action);
        return this;
    }

    @Override
    public ServerResponseHeaders headers() {
        return headers;
    }

    @Override
    public ServerResponse reroute(String newPath) {
        throw unsupported();
    }

    @Override
    public ServerResponse reroute(String path, UriQuery query) {
        throw unsupported();
    }

    @Override
    public ServerResponse next() {
        throw unsupported();
    }

    @Override
    public ServerResponseTrailers trailers() {
        throw unsupported();
    }

    @Override
    public void streamResult(String result) {
        throw unsupported();
    }

    @Override
    public void streamFilter(UnaryOperator<OutputStream> filter) {
        throw unsupported();
    }

    private void finish() {
        sent = true;
        whenSent.forEach(Runnable::run);
    }

    private static UnsupportedOperationException unsupported() {
        return new UnsupportedOperationException(
                "An answer that can be repeated has a status, headers and a body only");
    }
}
