// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.client;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Locale;

/** Whether a program can keep a secret (RFC 6749, section 2.1). */
public enum ClientType {
    /** Runs on a server. */
    CONFIDENTIAL,
    /** Runs where its users can take it apart: a browser, a phone, a desk. */
    PUBLIC;

    /** As it is in JSON and in the database. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws InvalidValueException if there is no such type */
    public static ClientType of(String text) {
        for (ClientType type : values()) {
            if (type.text().equals(text)) {
                return type;
            }
        }
        throw new InvalidValueException("The type of a client is confidential or public.");
    }
}
