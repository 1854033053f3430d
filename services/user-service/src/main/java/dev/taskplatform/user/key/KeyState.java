// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

/** Where a signing key is in its life, in order. */
public enum KeyState {
    /** In the JWK Set, so that those who check tokens know it before they meet it. */
    PUBLISHED,
    /** Signs. */
    SIGNING,
    /** Still in the JWK Set for the sake of the tokens it signed; its private part is gone. */
    RETIRED
}
