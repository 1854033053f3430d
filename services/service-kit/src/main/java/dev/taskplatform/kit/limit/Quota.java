// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.limit;

import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.time.Duration;
import java.util.List;

/**
 * What is left of a limit, as the header fields {@code RateLimit-Policy} and {@code RateLimit} tell it
 * (draft-ietf-httpapi-ratelimit-headers-11, sections 3 and 4).
 *
 * @param policy name of the limit: letters, digits and hyphens; stable
 * @param allowed requests in a window
 * @param window rounded up to whole seconds
 * @param remaining requests that would be let through now
 * @param reset time until all of them are allowed again; rounded up to whole seconds
 */
public record Quota(String policy, long allowed, Duration window, long remaining, Duration reset) {
    /** Both header fields. */
    public List<Header> headers() {
        return List.of(
                HeaderValues.create(
                        ProblemException.RATE_LIMIT_POLICY,
                        "\"%s\";q=%d;w=%d".formatted(policy, allowed, seconds(window))),
                HeaderValues.create(
                        ProblemException.RATE_LIMIT, "\"%s\";r=%d;t=%d".formatted(policy, remaining, seconds(reset))));
    }

    /**
     * A refusal for the sake of this limit, with {@code Retry-After} and the header fields.
     *
     * @param type of status 429
     * @param detail why, and what to do
     * @param retryAfter when a retry makes sense; rounded up to whole seconds, at least one
     */
    public ProblemException refusal(ProblemType type, String detail, Duration retryAfter) {
        ProblemException problem = new ProblemException(type, detail)
                .with(HeaderValues.create(HeaderNames.RETRY_AFTER, Math.max(1, seconds(retryAfter))));
        for (Header header : headers()) {
            problem = problem.with(header);
        }
        return problem;
    }

    private static long seconds(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }
}
