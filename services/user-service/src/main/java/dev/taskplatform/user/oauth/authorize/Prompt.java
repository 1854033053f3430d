// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.user.oauth.protocol.OAuthError;
import dev.taskplatform.user.oauth.protocol.OAuthException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a person is to be asked (OpenID Connect Core, section 3.1.2.1). */
public enum Prompt {
    /** Nothing: an error instead of a page. */
    NONE,
    /** To sign in again. */
    LOGIN,
    /** For their consent again. */
    CONSENT,
    /** Which account; here, to sign in. */
    SELECT_ACCOUNT;

    /** @throws OAuthException invalid_request if there is another value, or none with others */
    static Set<Prompt> parse(String text) {
        Set<Prompt> prompts = EnumSet.noneOf(Prompt.class);
        for (String word : text.split(" ")) {
            prompts.add(of(word));
        }
        if (prompts.contains(NONE) && prompts.size() > 1) {
            throw new OAuthException(OAuthError.INVALID_REQUEST, "prompt=none goes with no other prompt");
        }
        return Set.copyOf(prompts);
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static Prompt of(String word) {
        for (Prompt prompt : values()) {
            if (prompt.text().equals(word)) {
                return prompt;
            }
        }
        throw new OAuthException(
                OAuthError.INVALID_REQUEST, "prompt must be none, or of the words login, consent and select_account");
    }
}
