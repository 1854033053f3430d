// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.data;

import dev.taskplatform.operator.api.DataResult;
import java.util.List;

/**
 * How far a command has come.
 *
 * @param state whether it goes on
 * @param message what it is at or waits for, what went wrong, or what else somebody should look after; a sentence, or empty
 * @param results of the services whose part is done
 */
record Progress(State state, String message, List<DataResult> results) {

    Progress {
        results = List.copyOf(results);
    }

    /** Whether it goes on. */
    enum State {
        RUNNING,
        FAILED,
        DONE
    }
}
