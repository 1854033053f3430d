// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.status;

/**
 * What keeps a resource from being as it should be.
 *
 * @param reason CamelCase word for programs
 * @param message sentence for people: what is wrong, where, what to do
 */
public record Problem(String reason, String message) {

    private static final int MAX_MESSAGE = 512;

    public Problem {
        message = message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 3) + "...";
    }
}
