// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import dev.taskplatform.kit.problem.ErrorResponses;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import java.util.function.ToLongFunction;

/**
 * Refuses bodies beyond a limit. Helidon would do so too, and cut the connection with the rest of the body unread, which
 * on many a client destroys the answer; see {@link ConnectionCloseFilter} for what is done about it.
 */
final class PayloadLimitFilter implements Filter {
    private final ToLongFunction<String> limits;
    private final ErrorResponses errors;

    /** @param limits in bytes, by the path of the request */
    PayloadLimitFilter(ToLongFunction<String> limits, ErrorResponses errors) {
        this.limits = limits;
        this.errors = errors;
    }

    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        long limit = limits.applyAsLong(request.path().path());
        request.streamFilter(body -> {
            LimitedBody limited = new LimitedBody(body, limit, () -> tooLarge(limit));
            request.context().register(limited);
            return limited;
        });
        if (request.headers().contentLength().orElse(0) > limit) {
            errors.answer(request, response, tooLarge(limit));
        } else {
            chain.proceed();
        }
    }

    private static ProblemException tooLarge(long limit) {
        return new ProblemException(ProblemType.PAYLOAD_TOO_LARGE, "A body may have " + limit + " bytes.")
                .with(HeaderValues.CONNECTION_CLOSE);
    }
}
