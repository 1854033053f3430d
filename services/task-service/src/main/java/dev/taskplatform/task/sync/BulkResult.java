// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.sync;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.task.task.Task;
import dev.taskplatform.task.task.TaskView;
import java.net.URI;
import java.util.List;

/**
 * What became of an operation; what is null is not in JSON.
 *
 * @param status as its own request would have been answered
 * @param etag of the task as it is now
 */
record BulkResult(int status, @JsonProperty("etag") String etag, TaskView task, Refusal problem) {
    static BulkResult of(int status, Task task) {
        return new BulkResult(status, EntityTag.ofVersion(task.version()).toString(), TaskView.of(task), null);
    }

    static BulkResult gone() {
        return new BulkResult(204, null, null, null);
    }

    static BulkResult refused(ProblemException e) {
        int status = e.type().statusCode();
        List<Error> errors = e.errors().stream().map(Error::of).toList();
        return new BulkResult(
                status,
                null,
                null,
                new Refusal(
                        e.type().uri(), e.type().title(), status, e.getMessage(), errors.isEmpty() ? null : errors));
    }

    /** A problem document (RFC 9457) without what it says of a request. */
    record Refusal(URI type, String title, int status, String detail, List<Error> errors) {}

    /** Where and why. */
    record Error(String pointer, String parameter, String detail) {
        static Error of(FieldError error) {
            return new Error(error.pointer(), error.parameter(), error.detail());
        }
    }
}
