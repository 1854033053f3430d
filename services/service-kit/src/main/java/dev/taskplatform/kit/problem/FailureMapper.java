// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.problem;

import io.helidon.http.HttpException;
import io.helidon.http.Status;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.Set;

/** Turns whatever a handler threw into the problem that the client sees. */
final class FailureMapper {
    private static final Duration DATABASE_RETRY = Duration.ofSeconds(2);
    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_FULL = 13;
    /** PostgreSQL: too many connections, shutting down, crashed, not yet accepting. */
    private static final Set<String> DATABASE_AWAY = Set.of("53300", "57P01", "57P02", "57P03");

    ProblemException map(Throwable failure) {
        if (failure instanceof ProblemException problem) {
            return problem;
        }
        if (failure instanceof HttpException http && http.status().code() < 500) {
            return new ProblemException(typeOf(http.status()), detailOf(http.status()));
        }
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && isAway(sql)) {
                return ProblemException.unavailable(
                        "The database does not answer in time. Try again later.", DATABASE_RETRY, failure);
            }
        }
        return new ProblemException(ProblemType.INTERNAL_ERROR, detailOf(Status.INTERNAL_SERVER_ERROR_500));
    }

    ProblemType typeOf(Status status) {
        return switch (status.code()) {
            case 400 -> ProblemType.BAD_REQUEST;
            case 401 -> ProblemType.AUTHENTICATION_REQUIRED;
            case 403 -> ProblemType.FORBIDDEN;
            case 404 -> ProblemType.NOT_FOUND;
            case 405 -> ProblemType.METHOD_NOT_ALLOWED;
            case 413 -> ProblemType.PAYLOAD_TOO_LARGE;
            case 414 -> ProblemType.URI_TOO_LONG;
            case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
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

    private static boolean isAway(SQLException failure) {
        String state = failure.getSQLState();
        return failure instanceof SQLTransientException
                || failure instanceof SQLRecoverableException
                || failure instanceof SQLNonTransientConnectionException
                || (state != null && (state.startsWith("08") || DATABASE_AWAY.contains(state)))
                || (state == null && isSqliteAway(failure.getErrorCode() & 0xff));
    }

    private static boolean isSqliteAway(int code) {
        return code == SQLITE_BUSY || code == SQLITE_FULL;
    }
}
