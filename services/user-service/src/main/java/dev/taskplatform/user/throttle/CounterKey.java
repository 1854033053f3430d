// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.throttle;

/**
 * Whose failures are counted.
 *
 * @param fingerprint of a name or an address; neither can be found from it without the key of the service
 */
record CounterKey(Kind kind, String fingerprint) {
    /** As the column {@code kind} has them, in lower case. */
    enum Kind {
        ACCOUNT,
        ADDRESS
    }
}
