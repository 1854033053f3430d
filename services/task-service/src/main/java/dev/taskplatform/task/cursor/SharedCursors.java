// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.cursor;

import dev.taskplatform.kit.database.Database;
import dev.taskplatform.kit.http.CursorCodec;
import java.util.random.RandomGenerator;

/**
 * Makes and reads cursors that all replicas take.
 *
 * <p>The key is in the database; whichever replica asks first makes it. It is no secret from who can read the database: a
 * forged cursor only shows its caller what they may see, from another place on.
 */
public final class SharedCursors {
    private static final int KEY_BYTES = 32;

    private final Database database;
    private final RandomGenerator random;
    private volatile CursorCodec codec;

    /**
     * @param database with the table {@code cursor_key}
     * @param random a cryptographic one
     */
    public SharedCursors(Database database, RandomGenerator random) {
        this.database = database;
        this.random = random;
    }

    /**
     * Signs and checks. Asks the database at first use, not at the start: that may come later than this program.
     *
     * @throws dev.taskplatform.kit.database.DatabaseUnavailableException when the database can't do it now
     */
    public CursorCodec codec() {
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
