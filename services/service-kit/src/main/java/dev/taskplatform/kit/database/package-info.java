/**
 * Storage of a service: SQLite in a file or PostgreSQL, behind one {@link dev.taskplatform.kit.database.Database}.
 *
 * <p>A service brings Flyway migrations on its class path in {@code db/migration/common}, {@code db/migration/sqlite}
 * and {@code db/migration/postgresql}, and plain SQL that both databases understand.
 */
package dev.taskplatform.kit.database;
