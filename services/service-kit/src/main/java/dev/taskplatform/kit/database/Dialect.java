// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

/** Whose SQL a database speaks; for the few statements that both do not share. */
public enum Dialect {
    SQLITE("sqlite"),
    POSTGRESQL("postgresql");

    private final String migrations;

    Dialect(String migrations) {
        this.migrations = migrations;
    }

    /** Name of the folder of migrations written for this database alone. */
    String migrations() {
        return migrations;
    }
}
