// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.factor;

/**
 * What a person puts into an authenticator; shown once.
 *
 * @param secret in base 32, to be typed
 * @param uri to be shown as a QR code
 */
record Enrolment(String secret, String uri) {
    /** Leaves the secret out, so that it gets into no log. */
    @Override
    public String toString() {
        return "Enrolment[hidden]";
    }
}
