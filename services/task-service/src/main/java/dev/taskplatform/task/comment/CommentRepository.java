// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.comment;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.database.Dialect;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.result.RowView;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Comments in the service's database; who may see their tasks is for others to say. All methods throw
 * {@link dev.taskplatform.kit.database.DatabaseUnavailableException} when the database can't do it now.
 */
public final class CommentRepository {
    private static final String COLUMNS = "id, task_id, author_id, text, version, created_at, updated_at";
    private static final String FIND = "SELECT " + COLUMNS + " FROM comment WHERE id = :id AND task_id = :task";

    private final Database database;
    private final String lock;

    /** @param database with the table {@code comment} */
    public CommentRepository(Database database) {
        this.database = database;
        this.lock = database.dialect() == Dialect.POSTGRESQL ? FIND + " FOR UPDATE" : FIND;
    }

    void add(Comment comment) {
        database.write(handle -> bind(
                        handle.createUpdate("INSERT INTO comment (" + COLUMNS
                                + ") VALUES (:id, :task, :author, :text, :version, :createdAt, :updatedAt)"),
                        comment)
                .bind("task", comment.task())
                .bind("author", comment.author().orElse(null))
                .bind("createdAt", comment.createdAt())
                .execute());
    }

    void update(Comment comment) {
        database.write(handle -> bind(
                        handle.createUpdate(
                                "UPDATE comment SET text = :text, version = :version, updated_at = :updatedAt WHERE id = :id"),
                        comment)
                .execute());
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Comment comment) {
        return statement
                .bind("id", comment.id())
                .bind("text", comment.text())
                .bind("version", comment.version())
                .bind("updatedAt", comment.updatedAt());
    }

    void remove(UUID id) {
        database.write(handle -> handle.createUpdate("DELETE FROM comment WHERE id = :id")
                .bind("id", id)
                .execute());
    }

    Optional<Comment> find(UUID task, UUID id) {
        return database.read(handle -> handle.createQuery(FIND)
                .bind("id", id)
                .bind("task", task)
                .map(CommentRepository::comment)
                .findOne());
    }

    /** As {@link #find}, and nobody else changes it until the transaction ends. */
    Optional<Comment> lock(UUID task, UUID id) {
        return database.write(handle -> handle.createQuery(lock)
                .bind("id", id)
                .bind("task", task)
                .map(CommentRepository::comment)
                .findOne());
    }

    /** A part of what was said about a task, in the order in which it was. */
    List<Comment> list(UUID task, Optional<UUID> after, int limit) {
        String sql = "SELECT " + COLUMNS + " FROM comment WHERE task_id = :task"
                + (after.isPresent() ? " AND id > :after" : "") + " ORDER BY id LIMIT :limit";
        return database.read(handle -> {
            var query = handle.createQuery(sql).bind("task", task).bind("limit", limit);
            after.ifPresent(id -> query.bind("after", id));
            return query.map(CommentRepository::comment).list();
        });
    }

    /** Those of some comments whose tasks a person can see. */
    public List<Comment> visible(UUID user, Collection<UUID> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        return database.read(handle -> handle.createQuery("SELECT c.id, c.task_id, c.author_id, c.text, c.version,"
                        + " c.created_at, c.updated_at FROM comment c"
                        + " JOIN task t ON t.id = c.task_id AND t.deleted_at IS NULL"
                        + " JOIN list_member m ON m.list_id = t.list_id AND m.user_id = :user WHERE c.id IN (<ids>)")
                .bind("user", user)
                .bindList("ids", List.copyOf(ids))
                .map(CommentRepository::comment)
                .list());
    }

    int count(UUID task) {
        return database.read(handle -> handle.createQuery("SELECT count(*) FROM comment WHERE task_id = :task")
                .bind("task", task)
                .mapTo(Integer.class)
                .one());
    }

    /** Leaves out who said it, of at most so many; how many there were. */
    int forgetAuthor(UUID user, int limit, Instant now) {
        return database.write(handle -> handle.createUpdate(
                        "UPDATE comment SET author_id = NULL, version = version + 1,"
                                + " updated_at = :now WHERE id IN (SELECT id FROM comment WHERE author_id = :user LIMIT :limit)")
                .bind("user", user)
                .bind("limit", limit)
                .bind("now", now)
                .execute());
    }

    private static Comment comment(RowView row) {
        return new Comment(
                row.getColumn("id", UUID.class),
                row.getColumn("task_id", UUID.class),
                Optional.ofNullable(row.getColumn("author_id", UUID.class)),
                row.getColumn("text", String.class),
                row.getColumn("version", Long.class),
                row.getColumn("created_at", Instant.class),
                row.getColumn("updated_at", Instant.class));
    }
}
