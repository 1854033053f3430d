// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.Header;
import io.helidon.http.Headers;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerResponse;
import java.util.Optional;
import java.util.Set;

/** Answers to conditional requests. */
public final class Preconditions {
    /** The resource changed since the client read it. */
    public static final ProblemType PRECONDITION_FAILED =
            new ProblemType("precondition-failed", Status.PRECONDITION_FAILED_412, "The resource has changed");

    /** The request must say which state of the resource it is meant for (RFC 6585, section 3). */
    public static final ProblemType PRECONDITION_REQUIRED =
            new ProblemType("precondition-required", Status.PRECONDITION_REQUIRED_428, "The request needs a condition");

    private Preconditions() {}

    /**
     * The versions that {@code If-Match} says a change is meant for.
     *
     * @return empty if it may be any, as without the header
     * @throws ProblemException 400 if the header is malformed
     */
    public static Optional<Set<Long>> versions(Headers headers) {
        return EntityTags.ifMatch(headers).flatMap(Preconditions::versions);
    }

    /**
     * As {@link #versions(Headers)}, of a request that must say; {@code *} says that it may be any.
     *
     * @throws ProblemException 428 without the header
     */
    public static Optional<Set<Long>> requiredVersions(Headers headers) {
        return versions(EntityTags.ifMatch(headers).orElseThrow(Preconditions::required));
    }

    private static Optional<Set<Long>> versions(EntityTags tags) {
        return tags.any() ? Optional.empty() : Optional.of(tags.versions());
    }

    /**
     * Answers 304 if the client has what it asks for.
     *
     * @param known what {@code If-None-Match} says that it has
     * @param tag of what it asks for
     * @param caching the {@code Cache-Control} of the answer
     * @return whether that was the answer
     */
    public static boolean answerNotModified(
            Optional<EntityTags> known, EntityTag tag, Header caching, ServerResponse response) {
        if (known.filter(tags -> tags.matchesWeakly(tag)).isEmpty()) {
            return false;
        }
        response.status(Status.NOT_MODIFIED_304)
                .header(tag.header())
                .header(caching)
                .send();
        return true;
    }

    /** 428: there is no {@code If-Match}. */
    public static ProblemException required() {
        return new ProblemException(
                PRECONDITION_REQUIRED,
                "Read the resource, and send its ETag in the header If-Match, so that no change in between is lost.");
    }

    /** 412: no tag of {@code If-Match} is the current one. */
    public static ProblemException failed() {
        return new ProblemException(
                PRECONDITION_FAILED,
                "The resource is not as the If-Match header says. Read it again and repeat the change on what it is now.");
    }
}
