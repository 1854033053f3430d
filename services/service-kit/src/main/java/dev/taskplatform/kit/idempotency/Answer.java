// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.idempotency;

import java.util.List;
import java.util.Map;

/**
 * What a handler answered.
 *
 * @param status HTTP status
 * @param headers those that the handler set, by name
 * @param body empty if there is none
 */
record Answer(int status, Map<String, List<String>> headers, byte[] body) {

    /** Whether something was made. */
    boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}
