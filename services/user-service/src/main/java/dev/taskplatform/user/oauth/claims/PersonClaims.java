// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.claims;

import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.oauth.protocol.Scope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The claims about a person that a scope lets a client have (OpenID Connect Core, section 5.4). */
public final class PersonClaims {
    /** Names of all there are. */
    public static final List<String> NAMES =
            List.of("sub", "name", "preferred_username", "updated_at", "email", "email_verified");

    private PersonClaims() {}

    /** The claims, by name; the person's id always, others as the scope allows and as far as they are known. */
    public static Map<String, Object> of(Account account, Set<String> scope) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("sub", account.id().toString());
        if (scope.contains(Scope.PROFILE)) {
            account.displayName().ifPresent(name -> claims.put("name", name));
            claims.put("preferred_username", account.username().value());
            claims.put("updated_at", account.updatedAt().getEpochSecond());
        }
        if (scope.contains(Scope.EMAIL)) {
            account.email().ifPresent(email -> {
                claims.put("email", email);
                claims.put("email_verified", false);
            });
        }
        return claims;
    }
}
