// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.protocol;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The words of a {@code scope} (RFC 6749, section 3.3) and what each of them is for. */
public final class Scope {
    /** Asks for an ID token. */
    public static final String OPENID = "openid";

    /** The person's names. */
    public static final String PROFILE = "profile";

    /** The person's address. */
    public static final String EMAIL = "email";

    /** The person's tasks. */
    public static final String TASKS = "tasks";

    /** The person's account and sessions; of the platform's own clients only. */
    public static final String ACCOUNT = "account";

    /** A refresh token (OpenID Connect Core, section 11). */
    public static final String OFFLINE_ACCESS = "offline_access";

    /** The event feed. */
    public static final String EVENTS = "events";

    /** Looking up users. */
    public static final String USERS_READ = "users:read";

    /** Asking about others' tokens (RFC 7662). */
    public static final String INTROSPECT = "introspect";

    /** What a person can let a client do. */
    public static final Set<String> OF_PERSONS = inOrder(OPENID, PROFILE, EMAIL, TASKS, OFFLINE_ACCESS, ACCOUNT);

    /** What a client can do in its own name. */
    public static final Set<String> OF_CLIENTS = inOrder(EVENTS, USERS_READ, INTROSPECT);

    private static final Pattern SYNTAX =
            Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+( [\\x21\\x23-\\x5b\\x5d-\\x7e]+)*");

    private Scope() {}

    /**
     * The words.
     *
     * @throws OAuthException invalid_scope if it is malformed
     */
    public static Set<String> parse(String text) {
        if (!SYNTAX.matcher(text).matches()) {
            throw new OAuthException(
                    OAuthError.INVALID_SCOPE, "The scope is missing, or not words parted by single spaces");
        }
        return inOrder(text.split(" "));
    }

    /** The words in one parameter or claim. */
    public static String text(Set<String> words) {
        return String.join(" ", words);
    }

    /** As the words are stored: the empty text is none. */
    public static Set<String> stored(String text) {
        return text.isEmpty() ? Set.of() : inOrder(text.split(" "));
    }

    private static Set<String> inOrder(String... words) {
        List<String> list = Arrays.asList(words);
        return Collections.unmodifiableSet(new LinkedHashSet<>(list));
    }
}
