// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.user.oauth.client.KnownClients;
import dev.taskplatform.user.oauth.protocol.Secrets;
import dev.taskplatform.user.session.NewSession;
import dev.taskplatform.user.session.Session;
import dev.taskplatform.user.session.Sessions;
import dev.taskplatform.user.session.SignedIn;
import dev.taskplatform.user.session.UserAgent;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/**
 * People who have signed in on the sign-in page: their browser has a cookie, so that the next client need not ask. It
 * stands for a session like any other, which its owner sees in their list and can end, and which ends with all others
 * when the password changes or the account is disabled. No refresh token of it is ever given away.
 */
public final class Browsers {
    private final BrowserRepository repository;
    private final Sessions sessions;
    private final Transactions transactions;
    private final Secrets secrets;
    private final Clock clock;

    /** Collaborators. */
    public Browsers(
            BrowserRepository repository, Sessions sessions, Transactions transactions, Secrets secrets, Clock clock) {
        this.repository = repository;
        this.sessions = sessions;
        this.transactions = transactions;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** The session that a cookie stands for, unless it has ended. */
    Optional<Session> find(String cookie) {
        return repository.find(Secrets.hash(cookie)).flatMap(sessions::findLive);
    }

    /**
     * A person has signed in.
     *
     * @param before the cookie that the browser had; its session ends
     * @return the new cookie
     */
    String signedIn(SignedIn person, Optional<String> before, Actor actor, Optional<UserAgent> userAgent) {
        String cookie = secrets.next();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return transactions.inTransaction(() -> {
            Session session = sessions.start(new NewSession(
                            person.account(),
                            KnownClients.BROWSER,
                            Set.of(),
                            person.methods(),
                            person.at(),
                            actor.as(person.account().id()),
                            userAgent))
                    .session();
            repository.add(Secrets.hash(cookie), session.id(), now);
            // Last: to begin a session locks the account, to end one the events. Whoever changes an account locks them
            // in this order, too.
            before.ifPresent(old -> signedOut(old, actor));
            return cookie;
        });
    }

    /** The session that a cookie stands for ends. */
    void signedOut(String cookie, Actor actor) {
        byte[] hash = Secrets.hash(cookie);
        transactions.inTransaction(() -> {
            Optional<Session> session = repository.find(hash).flatMap(sessions::findLive);
            session.ifPresent(live -> sessions.end(live.userId(), live.id(), "signed-out", actor.as(live.userId())));
            repository.remove(hash);
            return session;
        });
    }
}
