// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.taskplatform.kit.observe.AccessLogFilter;
import dev.taskplatform.kit.observe.RequestId;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.DirectHandler.TransportRequest;
import io.helidon.http.DirectHandler.TransportResponse;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Answers failures: those that handlers throw, and those that Helidon finds before it has a route (broken request line,
 * too long header fields and so on). What is our fault is logged with its reason and told without it.
 */
public final class ErrorResponses {
    private static final Logger LOGGER = System.getLogger(ErrorResponses.class.getName());

    /** What Helidon says, with status 400, of header fields beyond the limit. */
    private static final String HEADERS_TOO_LONG = "Header size exceeded";

    /** What a response says of the request, whatever came of it. */
    private static final Set<HeaderName> OF_THE_REQUEST = Set.of(
            RequestId.HEADER, HeaderNames.CONNECTION, ProblemException.RATE_LIMIT, ProblemException.RATE_LIMIT_POLICY);

    private final ObjectMapper mapper;
    private final Function<String, ErrorFormat> formats;
    private final FailureMapper failures = new FailureMapper();

    /**
     * @param mapper writes the bodies
     * @param formats chooses the format by the request's path
     */
    public ErrorResponses(ObjectMapper mapper, Function<String, ErrorFormat> formats) {
        this.mapper = mapper;
        this.formats = formats;
    }

    /** Takes over the failures of every route and filter. */
    public void register(HttpRouting.Builder routing) {
        routing.error(Throwable.class, this::answer);
    }

    /** For the failures that Helidon finds by itself. */
    public DirectHandlers directHandlers() {
        DirectHandlers.Builder handlers = DirectHandlers.builder();
        DirectHandler handler = new HelidonsFailures();
        for (EventType type : EventType.values()) {
            handlers.addHandler(type, handler);
        }
        return handlers.build();
    }

    /** Answers a request that failed. */
    public void answer(ServerRequest request, ServerResponse response, Throwable failure) {
        ProblemException known = failures.map(failure);
        log(known, failure);
        String path = request.prologue().uriPath().rawPath();
        ErrorFormat format = formats.apply(path);
        Problem problem = new Problem(
                known.type(),
                known.getMessage(),
                path,
                request.context()
                        .get(RequestId.class)
                        .orElseGet(() -> RequestId.from(request.headers()))
                        .value(),
                known.errors());
        forgetRepresentation(response.headers());
        known.headers().forEach(response::header);
        response.header(noStore());
        response.status(format.status(problem));
        response.headers().contentType(format.mediaType());
        byte[] body = body(format, problem);
        if (request.prologue().method().equals(Method.HEAD)) {
            response.headers().contentLength(body.length);
            response.send();
        } else {
            response.send(body);
        }
    }

    private TransportResponse answer(
            TransportRequest request, EventType event, Status status, ServerResponseHeaders headers, String message) {
        RequestId id = RequestId.current().orElseGet(() -> RequestId.from(request.headers()));
        String path = pathOf(request);
        ErrorFormat format = formats.apply(path);
        Status meant = HEADERS_TOO_LONG.equals(message) ? ProblemType.HEADERS_TOO_LARGE.status() : status;
        Problem problem = new Problem(failures.typeOf(meant), failures.detailOf(meant), path, id.value(), List.of());
        headers.set(RequestId.HEADER, id.value());
        headers.set(noStore());
        headers.contentType(format.mediaType());
        return TransportResponse.builder()
                .status(format.status(problem))
                .headers(headers)
                .keepAlive(event.keepAlive())
                .entity(body(format, problem))
                .build();
    }

    private static void log(ProblemException known, Throwable failure) {
        if (known.type() == ProblemType.INTERNAL_ERROR) {
            LOGGER.log(Level.ERROR, "A request failed unexpectedly", failure);
        } else if (known.type() == ProblemType.UNAVAILABLE) {
            // Often thousands at once, and what is away or overloaded says so itself.
            LOGGER.log(Level.DEBUG, "A request was turned away: " + known.getMessage(), known.getCause());
        }
    }

    private byte[] body(ErrorFormat format, Problem problem) {
        try {
            return mapper.writeValueAsBytes(format.body(problem));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An error's body is no JSON", e);
        }
    }

    /** What the handler had said about a body that is not sent now. */
    private static void forgetRepresentation(ServerResponseHeaders headers) {
        List<Header> keep = headers.stream()
                .filter(header -> OF_THE_REQUEST.contains(header.headerName()))
                .toList();
        headers.clear();
        keep.forEach(headers::set);
    }

    private static Header noStore() {
        return HeaderValues.create(HeaderNames.CACHE_CONTROL, "no-store");
    }

    /** Without its query, which can hold a password. */
    private static String pathOf(TransportRequest request) {
        String path = request.path();
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    /** Helidon tells of failures in one way inside a route or filter, in another before it has one. */
    private final class HelidonsFailures implements DirectHandler {
        @Override
        public TransportResponse handle(
                TransportRequest request,
                EventType event,
                Status status,
                ServerResponseHeaders headers,
                Throwable failure) {
            return answer(request, event, status, headers, failure.getMessage());
        }

        @Override
        public TransportResponse handle(
                TransportRequest request,
                EventType event,
                Status status,
                ServerResponseHeaders headers,
                String message) {
            TransportResponse response = answer(request, event, status, headers, message);
            // No filter has seen it.
            AccessLogFilter.log(
                    request.method(), pathOf(request), response.status().code(), Duration.ZERO);
            return response;
        }
    }
}
