// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.database.Transactions;
import dev.taskplatform.kit.id.UuidGenerator;
import dev.taskplatform.user.account.Account;
import dev.taskplatform.user.account.Accounts;
import dev.taskplatform.user.audit.AuditEntry;
import dev.taskplatform.user.audit.AuditLog;
import dev.taskplatform.user.event.EventOutbox;
import dev.taskplatform.user.event.UserEvent;
import dev.taskplatform.user.session.RefreshRefusedException.Reason;
import dev.taskplatform.user.token.TokenGrant;
import dev.taskplatform.user.token.TokenIssuer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Begins, refreshes, lists and ends sessions.
 *
 * <p>A refresh token is exchanged once. Sent again within {@link SessionSettings#refreshGrace} of that it gets the same
 * successor, for programs that ask twice at once or lose an answer; later, or when the successor has been exchanged too,
 * two have it, one of them a thief, and the session ends for both (RFC 9700, section 4.14.2).
 *
 * <p>Sessions end for good: their rows go. A clock that is set back brings none of them back, and makes no exchanged
 * token good again: what was exchanged in the future was not exchanged just now. A clock that is set forward ends a
 * session only by more than is left of its lifetimes, which {@link SessionSettings} has.
 */
public final class Sessions {
    /** In one transaction: others wait to write meanwhile. */
    private static final int PURGED_AT_ONCE = 200;

    /** Sessions out of use are kept that much longer, so that a clock set right again finds them. */
    private static final Duration PURGE_DELAY = Duration.ofDays(1);

    private final SessionRepository repository;
    private final Accounts accounts;
    private final TokenIssuer tokens;
    private final RefreshTokens refreshTokens;
    private final Supplier<SessionSettings> settings;
    private final Transactions transactions;
    private final AuditLog audit;
    private final EventOutbox outbox;
    private final UuidGenerator ids;
    private final Clock clock;

    /**
     * Collaborators.
     *
     * @param settings may change at any time
     */
    public Sessions(
            SessionRepository repository,
            Accounts accounts,
            TokenIssuer tokens,
            RefreshTokens refreshTokens,
            Supplier<SessionSettings> settings,
            Transactions transactions,
            AuditLog audit,
            EventOutbox outbox,
            UuidGenerator ids,
            Clock clock) {
        this.repository = repository;
        this.accounts = accounts;
        this.tokens = tokens;
        this.refreshTokens = refreshTokens;
        this.settings = settings;
        this.transactions = transactions;
        this.audit = audit;
        this.outbox = outbox;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Begins a session of a person who has proved who they are.
     *
     * @throws dev.taskplatform.kit.problem.ProblemException 401 if the account was disabled or deleted or got another
     *     password since
     */
    public IssuedSession start(NewSession request) {
        Instant now = now();
        UUID id = ids.next();
        Session session = new Session(
                id,
                request.account().id(),
                request.clientId(),
                request.scope(),
                request.methods(),
                request.authenticatedAt().truncatedTo(ChronoUnit.MICROS),
                now,
                now,
                Optional.ofNullable(request.actor().address()),
                request.userAgent(),
                refreshTokens.newKey(id),
                0);
        // Before the session is kept: no key to sign with, no session.
        IssuedSession issued = issue(request.account(), session, session.scope());
        if (!repository.add(session, request.account())) {
            throw SignInProblems.wrongCredentials();
        }
        return issued;
    }

    /**
     * Exchanges a refresh token.
     *
     * @param clientId the program that sent it, authenticated if it can be
     * @param requestedScope of the access token; the session's unless given, and no more than that
     * @throws RefreshRefusedException if it gets nothing; unless the token was sent twice or the session is out of use,
     *     nothing has changed
     */
    public IssuedSession refresh(
            String refreshToken, String clientId, Actor actor, Optional<Set<String>> requestedScope)
            throws RefreshRefusedException {
        RefreshToken token = RefreshToken.parse(refreshToken).orElseThrow(Sessions::invalidToken);
        while (true) {
            Session session = repository
                    .find(token.sessionId())
                    .filter(found -> found.clientId().equals(clientId) && refreshTokens.belongs(token, found))
                    .orElseThrow(Sessions::invalidToken);
            Account account = accounts.find(session.userId())
                    .filter(found -> found.disabledAt().isEmpty())
                    .orElseThrow(Sessions::invalidToken);
            Instant now = now();
            if (!now.isBefore(settings.get().endOf(session))) {
                end(session, "expired", actor);
                throw invalidToken();
            }
            Set<String> scope = requestedScope.orElse(session.scope());
            if (!session.scope().containsAll(scope)) {
                throw new RefreshRefusedException(
                        Reason.INVALID_SCOPE, "The scope is more than the person granted at first.");
            }
            if (token.generation() == session.generation()) {
                if (repository.rotate(session, now)) {
                    return issue(account, session.rotated(now), scope);
                }
                // Somebody was faster, here or in another replica: see what became of the session.
                continue;
            }
            if (token.generation() == session.generation() - 1 && isWithinGrace(session, now)) {
                return issue(account, session, scope);
            }
            if (token.generation() < session.generation()) {
                endAfterReplay(session, token, actor);
            }
            throw invalidToken();
        }
    }

    /**
     * A person's sessions, the newest first, without those that went out of use.
     *
     * @param before id of the last one of the page before
     */
    public List<Session> list(UUID userId, Optional<UUID> before, int limit) {
        SessionSettings lifetimes = settings.get();
        Instant now = now();
        return repository.list(
                userId, now.minus(lifetimes.idleLifetime()), now.minus(lifetimes.lifetime()), before, limit);
    }

    /** A person's session, unless it went out of use. */
    public Optional<Session> find(UUID userId, UUID sessionId) {
        return repository
                .find(sessionId)
                .filter(session -> session.userId().equals(userId))
                .filter(session -> now().isBefore(settings.get().endOf(session)));
    }

    /** The session with this id, if its person may sign in and unless it went out of use. */
    public Optional<Session> findLive(UUID sessionId) {
        return repository
                .findOfEnabled(sessionId)
                .filter(session -> now().isBefore(settings.get().endOf(session)));
    }

    /** As {@link #findLive}, the session that a refresh token is or was one of. */
    public Optional<Session> findByRefreshToken(String refreshToken) {
        return RefreshToken.parse(refreshToken)
                .flatMap(token -> findLive(token.sessionId()).filter(session -> refreshTokens.belongs(token, session)));
    }

    /** Whether a refresh token of this session is the one that is next to be exchanged. */
    public boolean isCurrent(String refreshToken, Session session) {
        return RefreshToken.parse(refreshToken)
                .filter(token -> token.generation() == session.generation())
                .isPresent();
    }

    /** When the session ends unless it is used. */
    public Instant endOf(Session session) {
        return settings.get().endOf(session);
    }

    /**
     * Ends one session.
     *
     * @param reason a word in kebab-case, for the audit log
     * @return false if the person has no such session
     */
    public boolean end(UUID userId, UUID sessionId, String reason, Actor actor) {
        return repository
                .find(sessionId)
                .filter(session -> session.userId().equals(userId))
                .filter(session -> end(session, reason, actor))
                .isPresent();
    }

    /**
     * Ends a person's sessions.
     *
     * @param except goes on; none if empty
     * @param reason a word in kebab-case, for the audit log
     */
    public void endAll(UUID userId, Optional<UUID> except, String reason, Actor actor) {
        transactions.inTransaction(() -> {
            List<UUID> ended = repository.removeAll(userId, except);
            ended.forEach(id -> recordEnd(userId, id, reason, actor));
            return ended;
        });
    }

    /**
     * Forgets sessions that went out of use a day ago or longer; in every replica, now and then.
     *
     * @return how many
     */
    public int purge() {
        SessionSettings lifetimes = settings.get();
        Instant latest = now().minus(PURGE_DELAY);
        Instant lastUsedBefore = latest.minus(lifetimes.idleLifetime());
        Instant createdBefore = latest.minus(lifetimes.lifetime());
        int purged = 0;
        List<UUID> expired;
        do {
            expired = repository.expired(lastUsedBefore, createdBefore, PURGED_AT_ONCE);
            purged += repository.removeExpired(expired, lastUsedBefore, createdBefore);
        } while (expired.size() == PURGED_AT_ONCE);
        return purged;
    }

    private IssuedSession issue(Account account, Session session, Set<String> scope) {
        SessionTokens issued = SessionTokens.of(
                tokens.issue(
                        new TokenGrant(account, session.clientId(), scope, session.id(), session.authenticatedAt())),
                refreshTokens.current(session),
                Duration.between(now(), endOf(session)),
                session.id(),
                scope);
        return new IssuedSession(account, session, issued);
    }

    /** In either direction, as the clocks of two replicas differ a little, and one of them may be set back. */
    private boolean isWithinGrace(Session session, Instant now) {
        return Duration.between(session.lastUsedAt(), now)
                        .abs()
                        .compareTo(settings.get().refreshGrace())
                <= 0;
    }

    private boolean end(Session session, String reason, Actor actor) {
        return transactions.inTransaction(() -> {
            boolean ended = repository.remove(session.id());
            if (ended) {
                recordEnd(session.userId(), session.id(), reason, actor);
            }
            return ended;
        });
    }

    private void endAfterReplay(Session session, RefreshToken token, Actor actor) {
        transactions.inTransaction(() -> {
            // Whoever sent it is not known to be the person, so the entry names nobody as the actor.
            audit.record(new AuditEntry(
                    "session.refresh-replayed",
                    session.userId(),
                    actor,
                    Map.of(
                            "sessionId", session.id().toString(),
                            "clientId", session.clientId(),
                            "generationsBehind", Integer.toString(session.generation() - token.generation()))));
            return end(session, "refresh-replayed", actor);
        });
    }

    private void recordEnd(UUID userId, UUID sessionId, String reason, Actor actor) {
        audit.record(new AuditEntry(
                "session.ended", userId, actor, Map.of("sessionId", sessionId.toString(), "reason", reason)));
        outbox.append(new UserEvent(UserEvent.Type.SESSION_REVOKED, userId, sessionId));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** One answer whatever is wrong, so that nobody learns which tokens there were. */
    private static RefreshRefusedException invalidToken() {
        return new RefreshRefusedException(
                Reason.INVALID_TOKEN, "The refresh token is not valid any more. Sign in again.");
    }
}
