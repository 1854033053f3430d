// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.Dialect;
import dev.taskplatform.task.change.ChangeClock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.SqlStatement;

/** Lists in the service's database. */
public final class DatabaseListRepository implements ListRepository {
    private static final String SEEN = "SELECT l.id, l.name, l.inbox, l.version, l.created_at, l.updated_at, m.role"
            + " FROM list_member m JOIN list l ON l.id = m.list_id WHERE m.user_id = :user";

    private final Database database;
    private final ChangeClock positions;

    /** @param database with the tables {@code list}, {@code list_member}, {@code list_departure}, {@code list_removal} */
    public DatabaseListRepository(Database database, ChangeClock positions) {
        this.database = database;
        this.positions = positions;
    }

    @Override
    public boolean add(TaskList list, UUID owner) {
        return database.write(handle -> {
            boolean added = bind(handle.createUpdate("""
                            INSERT INTO list (id, name, inbox, version, created_at, updated_at)
                            VALUES (:id, :name, :inbox, :version, :createdAt, :updatedAt)
                            ON CONFLICT (id) DO NOTHING"""), list)
                            .bind("inbox", list.inbox())
                            .bind("createdAt", list.createdAt())
                            .execute()
                    == 1;
            if (added) {
                putMember(list.id(), new Member(owner, ListRole.OWNER));
            }
            return added;
        });
    }

    @Override
    public void update(TaskList list) {
        database.write(handle -> bind(
                        handle.createUpdate(
                                "UPDATE list SET name = :name, version = :version, updated_at = :updatedAt WHERE id = :id"),
                        list)
                .execute());
    }

    private static <S extends SqlStatement<S>> S bind(S statement, TaskList list) {
        return statement
                .bind("id", list.id())
                .bind("name", list.name())
                .bind("version", list.version())
                .bind("updatedAt", list.updatedAt());
    }

    @Override
    public void lock(UUID list) {
        // SQLite has one writer at a time anyway.
        if (database.dialect() == Dialect.POSTGRESQL) {
            database.write(handle -> handle.createQuery("SELECT id FROM list WHERE id = :list FOR UPDATE")
                    .bind("list", list)
                    .mapTo(UUID.class)
                    .findOne());
        }
    }

    @Override
    public Optional<VisibleList> find(UUID user, UUID list) {
        return database.read(handle -> handle.createQuery(SEEN + " AND m.list_id = :list")
                .bind("user", user)
                .bind("list", list)
                .map(DatabaseListRepository::seen)
                .findOne());
    }

    @Override
    public List<VisibleList> list(UUID user, Optional<UUID> after, int limit) {
        String sql = SEEN + (after.isPresent() ? " AND m.list_id > :after" : "") + " ORDER BY m.list_id LIMIT :limit";
        return database.read(handle -> {
            var query = handle.createQuery(sql).bind("user", user).bind("limit", limit);
            after.ifPresent(id -> query.bind("after", id));
            return query.map(DatabaseListRepository::seen).list();
        });
    }

    @Override
    public int count(UUID user) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM list_member WHERE user_id = :user")
                .bind("user", user)
                .mapTo(Integer.class)
                .one());
    }

    @Override
    public Optional<ListRole> role(UUID user, UUID list) {
        return database.read(
                handle -> handle.createQuery("SELECT role FROM list_member WHERE user_id = :user AND list_id = :list")
                        .bind("user", user)
                        .bind("list", list)
                        .mapTo(String.class)
                        .findOne()
                        .map(ListRole::of));
    }

    @Override
    public Set<UUID> members(UUID list, Collection<UUID> users) {
        if (users.isEmpty()) {
            return Set.of();
        }
        return database.read(handle -> handle.createQuery(
                        "SELECT user_id FROM list_member WHERE list_id = :list AND user_id IN (<users>)")
                .bind("list", list)
                .bindList("users", List.copyOf(users))
                .mapTo(UUID.class)
                .set());
    }

    @Override
    public List<Member> members(UUID list) {
        return database.read(handle -> handle.createQuery("""
                        SELECT user_id, role FROM list_member WHERE list_id = :list
                        ORDER BY CASE role WHEN 'owner' THEN 0 WHEN 'admin' THEN 1 WHEN 'write' THEN 2 ELSE 3 END,
                            position, user_id""")
                .bind("list", list)
                .map(row -> new Member(
                        row.getColumn("user_id", UUID.class), ListRole.of(row.getColumn("role", String.class))))
                .list());
    }

    @Override
    public void putMember(UUID list, Member member) {
        database.write(handle -> {
            handle.createUpdate("DELETE FROM list_departure WHERE user_id = :user AND list_id = :list")
                    .bind("user", member.user())
                    .bind("list", list)
                    .execute();
            // The position of a member stays: what they saw before they have.
            return handle.createUpdate("""
                            INSERT INTO list_member (user_id, list_id, role, position)
                            VALUES (:user, :list, :role, :position)
                            ON CONFLICT (user_id, list_id) DO UPDATE SET role = excluded.role""")
                    .bind("user", member.user())
                    .bind("list", list)
                    .bind("role", member.role().text())
                    .bind("position", positions.next(handle))
                    .execute();
        });
    }

    @Override
    public void removeMember(UUID list, UUID user, Instant now) {
        database.write(handle -> {
            int removed = handle.createUpdate("DELETE FROM list_member WHERE user_id = :user AND list_id = :list")
                    .bind("user", user)
                    .bind("list", list)
                    .execute();
            return removed == 0
                    ? 0
                    : handle.createUpdate("""
                                    INSERT INTO list_departure (user_id, list_id, position, left_at)
                                    VALUES (:user, :list, :position, :now)
                                    ON CONFLICT (user_id, list_id) DO UPDATE SET
                                        position = excluded.position, left_at = excluded.left_at""")
                            .bind("user", user)
                            .bind("list", list)
                            .bind("position", positions.next(handle))
                            .bind("now", now)
                            .execute();
        });
    }

    @Override
    public List<UUID> joined(UUID user, int limit) {
        return database.read(handle -> handle.createQuery(
                        "SELECT list_id FROM list_member WHERE user_id = :user ORDER BY list_id LIMIT :limit")
                .bind("user", user)
                .bind("limit", limit)
                .mapTo(UUID.class)
                .list());
    }

    @Override
    public void removeLater(UUID list) {
        database.write(handle -> handle.createUpdate(
                        "INSERT INTO list_removal (list_id) VALUES (:list) ON CONFLICT (list_id) DO NOTHING")
                .bind("list", list)
                .execute());
    }

    @Override
    public List<UUID> toRemove(int limit) {
        return database.read(
                handle -> handle.createQuery("SELECT list_id FROM list_removal ORDER BY list_id LIMIT :limit")
                        .bind("limit", limit)
                        .mapTo(UUID.class)
                        .list());
    }

    @Override
    public void remove(UUID list) {
        database.write(handle -> {
            for (String sql : List.of(
                    "DELETE FROM list_removal WHERE list_id = :list",
                    "DELETE FROM change WHERE list_id = :list",
                    "DELETE FROM list WHERE id = :list")) {
                handle.createUpdate(sql).bind("list", list).execute();
            }
            return null;
        });
    }

    private static VisibleList seen(RowView row) {
        return new VisibleList(
                new TaskList(
                        row.getColumn("id", UUID.class),
                        row.getColumn("name", String.class),
                        row.getColumn("inbox", Boolean.class),
                        row.getColumn("version", Long.class),
                        row.getColumn("created_at", Instant.class),
                        row.getColumn("updated_at", Instant.class)),
                ListRole.of(row.getColumn("role", String.class)));
    }
}
