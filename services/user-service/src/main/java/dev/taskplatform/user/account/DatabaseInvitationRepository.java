// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowViewMapper;
import org.jdbi.v3.core.result.RowView;

/** Invitations in the service's database. */
public final class DatabaseInvitationRepository implements InvitationRepository {
    private static final String COLUMNS =
            "id, email, note, role, created_by, created_at, expires_at, revoked_at, used_at, used_by";

    private static final RowViewMapper<Invitation> INVITATION = DatabaseInvitationRepository::invitation;

    private final Database database;

    /** @param database with the table {@code invitation} */
    public DatabaseInvitationRepository(Database database) {
        this.database = database;
    }

    @Override
    public void add(Invitation invitation, byte[] tokenHash) {
        database.write(handle -> handle.createUpdate("""
                        INSERT INTO invitation (id, token_hash, email, note, role, created_by, created_at, expires_at)
                        VALUES (:id, :tokenHash, :email, :note, :role, :createdBy, :createdAt, :expiresAt)""")
                .bind("id", invitation.id())
                .bind("tokenHash", tokenHash)
                .bind("email", invitation.email().orElse(null))
                .bind("note", invitation.note().orElse(null))
                .bind("role", invitation.role().text())
                .bind("createdBy", invitation.createdBy())
                .bind("createdAt", invitation.createdAt())
                .bind("expiresAt", invitation.expiresAt())
                .execute());
    }

    @Override
    public Optional<Invitation> find(UUID id) {
        return database.read(handle -> handle.createQuery("SELECT " + COLUMNS + " FROM invitation WHERE id = :id")
                .bind("id", id)
                .map(INVITATION)
                .findOne());
    }

    @Override
    public Optional<Invitation> find(byte[] tokenHash) {
        return database.read(
                handle -> handle.createQuery("SELECT " + COLUMNS + " FROM invitation WHERE token_hash = :tokenHash")
                        .bind("tokenHash", tokenHash)
                        .map(INVITATION)
                        .findOne());
    }

    @Override
    public List<Invitation> list(Optional<UUID> after, int limit) {
        return database.read(handle -> {
            var query = handle.createQuery("SELECT " + COLUMNS + " FROM invitation"
                            + (after.isPresent() ? " WHERE id > :after" : "") + " ORDER BY id LIMIT :limit")
                    .bind("limit", limit);
            after.ifPresent(id -> query.bind("after", id));
            return query.map(INVITATION).list();
        });
    }

    @Override
    public boolean use(UUID id, UUID usedBy, Instant now) {
        return database.write(handle -> handle.createUpdate("""
                                UPDATE invitation SET used_at = :now, used_by = :usedBy
                                WHERE id = :id AND used_at IS NULL AND revoked_at IS NULL AND expires_at > :now""")
                        .bind("id", id)
                        .bind("usedBy", usedBy)
                        .bind("now", now)
                        .execute()
                == 1);
    }

    @Override
    public boolean revoke(UUID id, Instant now) {
        return database.write(handle ->
                handle.createUpdate("""
                                UPDATE invitation SET revoked_at = :now
                                WHERE id = :id AND used_at IS NULL AND revoked_at IS NULL""").bind("id", id).bind("now", now).execute() == 1);
    }

    private static Invitation invitation(RowView row) {
        return new Invitation(
                row.getColumn("id", UUID.class),
                Optional.ofNullable(row.getColumn("email", String.class)),
                Optional.ofNullable(row.getColumn("note", String.class)),
                Role.find(row.getColumn("role", String.class)).orElse(Role.USER),
                row.getColumn("created_by", UUID.class),
                row.getColumn("created_at", Instant.class),
                row.getColumn("expires_at", Instant.class),
                Optional.ofNullable(row.getColumn("revoked_at", Instant.class)),
                Optional.ofNullable(row.getColumn("used_at", Instant.class)),
                Optional.ofNullable(row.getColumn("used_by", UUID.class)));
    }
}
