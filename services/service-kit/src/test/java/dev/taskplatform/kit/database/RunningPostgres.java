// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Gives a test class the PostgreSQL of the run, where it needs no SQLite in its stead. */
public final class RunningPostgres implements BeforeAllCallback {
    private PostgresServer server;

    @Override
    public void beforeAll(ExtensionContext context) {
        server = PostgresServer.shared(context);
    }

    /** The server. */
    public PostgresServer get() {
        return server;
    }
}
