// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

/** The feed does not go on from a cursor: events after it are no longer kept, or another database gave it. */
public final class CursorRefusedException extends Exception {
    CursorRefusedException(int status) {
        super("The user service answered the cursor with status " + status);
    }
}
