// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.problem;

import java.util.List;

/**
 * One error as it is told to a client, before it has a format.
 *
 * @param type kind of error
 * @param detail a sentence about this occurrence
 * @param instance path of the request, without its query
 * @param requestId finds the request in the log
 * @param errors invalid fields, may be empty
 */
public record Problem(ProblemType type, String detail, String instance, String requestId, List<FieldError> errors) {}
