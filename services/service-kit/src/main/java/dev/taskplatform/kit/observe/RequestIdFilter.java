// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.observe;

import io.helidon.logging.common.HelidonMdc;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;

/** Gives every request its {@link RequestId}: in the request's context, the logging context and the response. */
public final class RequestIdFilter implements Filter {
    @Override
    public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
        RequestId id = RequestId.from(request.headers());
        request.context().register(id);
        response.header(RequestId.HEADER, id.value());
        HelidonMdc.set(RequestId.LOG_KEY, id.value());
        try {
            chain.proceed();
        } finally {
            HelidonMdc.remove(RequestId.LOG_KEY);
        }
    }
}
