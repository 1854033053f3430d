// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.token.IssuedToken;
import dev.taskplatform.user.token.TokenGrant;
import dev.taskplatform.user.token.TokenIssuer;
import java.time.Clock;

/** Begins sessions. */
public final class Sessions {
    private final TokenIssuer tokens;
    private final UuidGenerator ids;
    private final Clock clock;

    /** Collaborators. */
    public Sessions(TokenIssuer tokens, UuidGenerator ids, Clock clock) {
        this.tokens = tokens;
        this.ids = ids;
        this.clock = clock;
    }

    /** The tokens of a person who has just proved who they are to one of the platform's own programs. */
    public IssuedToken start(Account account) {
        return tokens.issue(
                new TokenGrant(account, TokenIssuer.OWN_CLIENT, TokenIssuer.OWN_SCOPE, ids.next(), clock.instant()));
    }
}
