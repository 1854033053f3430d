// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.list;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.task.change.ChangeClock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Lists in the service's database. */
public final class DatabaseListRepository implements ListRepository {
    private final Database database;
    private final ChangeClock positions;

    /** @param database with the tables {@code list} and {@code list_member} */
    public DatabaseListRepository(Database database, ChangeClock positions) {
        this.database = database;
        this.positions = positions;
    }

    @Override
    public boolean add(TaskList list, UUID owner) {
        return database.write(handle -> {
            boolean added = handle.createUpdate("""
                            INSERT INTO list (id, name, inbox, version, created_at, updated_at)
                            VALUES (:id, :name, :inbox, :version, :createdAt, :updatedAt)
                            ON CONFLICT (id) DO NOTHING""")
                            .bind("id", list.id())
                            .bind("name", list.name())
                            .bind("inbox", list.inbox())
                            .bind("version", list.version())
                            .bind("createdAt", list.createdAt())
                            .bind("updatedAt", list.updatedAt())
                            .execute()
                    == 1;
            if (added) {
                handle.createUpdate("""
                                INSERT INTO list_member (user_id, list_id, role, position)
                                VALUES (:user, :list, 'owner', :position)""")
                        .bind("user", owner)
                        .bind("list", list.id())
                        .bind("position", positions.next(handle))
                        .execute();
            }
            return added;
        });
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
    public List<UUID> owned(UUID user, int limit) {
        return database.read(handle -> handle.createQuery(
                        "SELECT list_id FROM list_member WHERE user_id = :user AND role = 'owner' LIMIT :limit")
                .bind("user", user)
                .bind("limit", limit)
                .mapTo(UUID.class)
                .list());
    }

    @Override
    public void remove(UUID list) {
        database.write(handle -> {
            for (String sql : List.of(
                    "DELETE FROM list_member WHERE list_id = :list",
                    "DELETE FROM change WHERE list_id = :list",
                    "DELETE FROM list WHERE id = :list")) {
                handle.createUpdate(sql).bind("list", list).execute();
            }
            return null;
        });
    }

    @Override
    public void removeMember(UUID user) {
        database.write(handle -> handle.createUpdate("DELETE FROM list_member WHERE user_id = :user")
                .bind("user", user)
                .execute());
    }
}
