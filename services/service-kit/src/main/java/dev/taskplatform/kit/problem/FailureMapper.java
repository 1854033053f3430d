// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.problem;

import dev.taskplatform.kit.database.DatabaseUnavailableException;
import io.helidon.http.HttpException;
import io.helidon.http.Status;

/** Turns whatever a handler threw into the problem that the client sees. */
final class FailureMapper {
    ProblemException map(Throwable failure) {
        if (failure instanceof ProblemException problem) {
            return problem;
        }
        if (failure instanceof HttpException http && http.status().code() < 500) {
            return new ProblemException(typeOf(http.status()), detailOf(http.status()));
        }
        if (failure instanceof DatabaseUnavailableException away) {
            return ProblemException.unavailable(
                    "The database cannot be reached right now. Try again later.", away.retryAfter(), failure);
        }
        return new ProblemException(ProblemType.INTERNAL_ERROR, detailOf(Status.INTERNAL_SERVER_ERROR_500));
    }

    ProblemType typeOf(Status status) {
        return switch (status.code()) {
            case 400 -> ProblemType.BAD_REQUEST;
            case 401 -> ProblemType.AUTHENTICATION_REQUIRED;
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 413 -> ProblemType.PAYLOAD_TOO_LARGE;
            case 414 -> ProblemType.URI_TOO_LONG;
            case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
            case 429 -> ProblemType.TOO_MANY_REQUESTS;
            case 431 -> ProblemType.HEADERS_TOO_LARGE;
            case 501 -> ProblemType.NOT_IMPLEMENTED;
            case 503 -> ProblemType.UNAVAILABLE;
            case 505 -> ProblemType.VERSION_NOT_SUPPORTED;
            default -> status.code() < 500 ? ProblemType.BAD_REQUEST : ProblemType.INTERNAL_ERROR;
        };
    }

    String detailOf(Status status) {
        return switch (status.code()) {
            case 404 -> "There is no such route. The routes are described at /openapi.";
            case 413 -> "The body is longer than this server accepts.";
            case 414 -> "The request line is longer than this server accepts.";
            case 431 -> "The header fields are longer together than this server accepts.";
            case 503 -> "The server is overloaded. Try again later.";
            case 505 -> "This server speaks HTTP/1.1.";
            default ->
                status.code() < 500
                        ? "The request is not valid HTTP/1.1, or uses a part of it that this server does not support."
                        : "The server failed to answer. Tell its operator the request id.";
        };
    }
}
