// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.protocol;

import java.util.Locale;

/** The {@code error} of an answer: RFC 6749 sections 4.1.2.1 and 5.2, RFC 7009 section 2.2.1, OpenID Connect Core 3.1.2.6. */
public enum OAuthError {
    INVALID_REQUEST,
    INVALID_CLIENT,
    INVALID_GRANT,
    UNAUTHORIZED_CLIENT,
    UNSUPPORTED_GRANT_TYPE,
    UNSUPPORTED_RESPONSE_TYPE,
    UNSUPPORTED_TOKEN_TYPE,
    INVALID_SCOPE,
    ACCESS_DENIED,
    TEMPORARILY_UNAVAILABLE,
    LOGIN_REQUIRED,
    CONSENT_REQUIRED,
    REQUEST_NOT_SUPPORTED,
    REQUEST_URI_NOT_SUPPORTED;

    /** As it is in the answer. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
