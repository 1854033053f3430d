// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.event;

/** Events that a reader has not seen are no longer kept. */
public final class CursorExpiredException extends Exception {
    CursorExpiredException() {
        super("Events after this cursor are no longer kept");
    }
}
