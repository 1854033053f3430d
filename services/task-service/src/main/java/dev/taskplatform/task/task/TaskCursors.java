// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.task;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.http.CursorCodec;
import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Cursors into a user's list of tasks: they name the last task of the page before.
 *
 * <p>The key is in the database, so that a page may come from another replica; whichever asks first makes it. It is no
 * secret from who can read the database: a forged cursor only shows its owner's tasks from another place on.
 */
public final class TaskCursors {
    private static final int KEY_BYTES = 32;

    private final Database database;
    private final RandomGenerator random;
    private volatile CursorCodec codec;

    /**
     * @param database with the table {@code cursor_key}
     * @param random a cryptographic one
     */
    public TaskCursors(Database database, RandomGenerator random) {
        this.database = database;
        this.random = random;
    }

    /** The cursor for the tasks after this one. */
    String after(Task last, Optional<TaskStatus> status) {
        return codec().encode(list(last.owner(), status), last.id());
    }

    /**
     * The task that the cursor names.
     *
     * @throws InvalidValueException when it isn't a cursor of this owner's list with this filter
     */
    UUID last(String cursor, UUID owner, Optional<TaskStatus> status) {
        return codec().decodeId(list(owner, status), cursor);
    }

    private static String list(UUID owner, Optional<TaskStatus> status) {
        return owner + " " + status.map(TaskStatus::text).orElse("");
    }

    /** At first use, not at the start: the database may come later than this program. */
    private CursorCodec codec() {
        CursorCodec known = codec;
        if (known == null) {
            known = new CursorCodec(sharedKey());
            codec = known;
        }
        return known;
    }

    private byte[] sharedKey() {
        byte[] proposal = new byte[KEY_BYTES];
        random.nextBytes(proposal);
        return database.write(handle -> {
            handle.createUpdate("INSERT INTO cursor_key (id, secret) VALUES (1, :secret) ON CONFLICT (id) DO NOTHING")
                    .bind("secret", proposal)
                    .execute();
            return handle.createQuery("SELECT secret FROM cursor_key WHERE id = 1")
                    .mapTo(byte[].class)
                    .one();
        });
    }
}
