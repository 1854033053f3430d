// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.grant;

import dev.taskplatform.user.oauth.client.GrantType;

/** Something that tokens can be had for. */
public interface Grant {
    /** Its name; clients may use it only if they are registered for it. */
    GrantType type();

    /**
     * The tokens.
     *
     * @throws dev.taskplatform.user.oauth.protocol.OAuthException if there are none
     */
    TokenAnswer exchange(TokenRequest request);
}
