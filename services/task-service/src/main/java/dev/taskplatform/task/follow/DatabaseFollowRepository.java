// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.follow;

import dev.taskplatform.kit.database.Database;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The follower's state in the service's database, which all replicas share. */
public final class DatabaseFollowRepository implements FollowRepository {
    /** The longest life that the user service lets an access token have, and what clocks may differ by. */
    static final Duration LONGEST_TOKEN = Duration.ofHours(24).plusMinutes(1);

    private static final String DELETED = "user_deleted";
    private static final String DISABLED = "user_disabled";
    private static final String REVOKED = "session_revoked";

    private final Database database;

    /** @param database with the tables {@code ended} and {@code followed_feed} */
    public DatabaseFollowRepository(Database database) {
        this.database = database;
    }

    @Override
    public Optional<String> cursor() {
        return database.read(handle -> handle.createQuery("SELECT next_after FROM followed_feed")
                .mapTo(String.class)
                .findOne());
    }

    @Override
    public boolean take(Optional<String> expected, EventPage page, Instant now) {
        return database.write(handle -> {
            // First of all: of two replicas with this page one waits here for the other, and then is too late.
            if (!move(handle, expected, Optional.of(page.next()))) {
                return false;
            }
            for (UserEvent event : page.items()) {
                take(handle, event, now);
            }
            return true;
        });
    }

    private static void take(Handle handle, UserEvent event, Instant now) {
        Instant expiry = event.occurredAt().plus(LONGEST_TOKEN);
        switch (event.type()) {
            case UserEvent.USER_DELETED -> {
                // Also when its tokens have expired: what was made at the same moment is looked for once more.
                end(handle, event.userId(), DELETED, expiry);
                handle.createUpdate("""
                                INSERT INTO removal (deletion_id, owner_id) VALUES (:deletion, :owner)
                                ON CONFLICT (deletion_id) DO NOTHING""")
                        .bind("deletion", event.id())
                        .bind("owner", event.userId())
                        .execute();
            }
            case UserEvent.USER_DISABLED -> {
                if (expiry.isAfter(now)) {
                    end(handle, event.userId(), DISABLED, expiry);
                }
            }
            case UserEvent.SESSION_REVOKED -> {
                if (expiry.isAfter(now)) {
                    end(handle, event.sessionId(), REVOKED, expiry);
                }
            }
            case UserEvent.USER_ENABLED ->
                handle.createUpdate("DELETE FROM ended WHERE id = :id AND reason = '" + DISABLED + "'")
                        .bind("id", event.userId())
                        .execute();
            default -> {
                // Made for others.
            }
        }
    }

    private static void end(Handle handle, UUID id, String reason, Instant expiry) {
        // Nobody who was deleted comes back, whatever is read again.
        handle.createUpdate("""
                        INSERT INTO ended AS known (id, reason, expires_at) VALUES (:id, :reason, :expiry)
                        ON CONFLICT (id) DO UPDATE SET reason = excluded.reason, expires_at = excluded.expires_at
                        WHERE known.reason <> 'user_deleted'""")
                .bind("id", id)
                .bind("reason", reason)
                .bind("expiry", expiry)
                .execute();
    }

    @Override
    public boolean beginAnew(Optional<String> expected) {
        return database.write(handle -> move(handle, expected, Optional.empty()));
    }

    private static boolean move(Handle handle, Optional<String> expected, Optional<String> next) {
        String sql = "UPDATE followed_feed SET next_after = :next WHERE next_after "
                + (expected.isPresent() ? "= :expected" : "IS NULL");
        var update = handle.createUpdate(sql).bind("next", next.orElse(null));
        expected.ifPresent(cursor -> update.bind("expected", cursor));
        return update.execute() == 1;
    }

    @Override
    public List<Removal> removals(int limit) {
        return database.read(handle -> handle.createQuery(
                        "SELECT deletion_id, owner_id FROM removal ORDER BY deletion_id LIMIT :limit")
                .bind("limit", limit)
                .map(row ->
                        new Removal(row.getColumn("deletion_id", UUID.class), row.getColumn("owner_id", UUID.class)))
                .list());
    }

    @Override
    public void done(Removal removal) {
        database.write(handle -> handle.createUpdate("DELETE FROM removal WHERE deletion_id = :deletion")
                .bind("deletion", removal.deletionId())
                .execute());
    }

    @Override
    public boolean isEnded(UUID userId, Optional<UUID> sessionId) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM ended WHERE id IN (:user, :session)")
                        .bind("user", userId)
                        .bind("session", sessionId.orElse(userId))
                        .mapTo(Long.class)
                        .one()
                > 0);
    }

    @Override
    public List<UUID> expiredOwners(Instant now, int limit) {
        return database.read(handle -> handle.createQuery("SELECT id FROM ended WHERE expires_at <= :now AND reason = '"
                        + DELETED + "' ORDER BY expires_at LIMIT :limit")
                .bind("now", now)
                .bind("limit", limit)
                .mapTo(UUID.class)
                .list());
    }

    @Override
    public void forget(UUID userId) {
        database.write(handle -> handle.createUpdate("DELETE FROM ended WHERE id = :id")
                .bind("id", userId)
                .execute());
    }

    @Override
    public void purge(Instant now) {
        database.write(handle -> handle.createUpdate(
                        "DELETE FROM ended WHERE expires_at <= :now AND reason <> '" + DELETED + "'")
                .bind("now", now)
                .execute());
    }
}
