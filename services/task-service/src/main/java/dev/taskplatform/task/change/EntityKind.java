// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.task.change;

/** What can change. */
public enum EntityKind {
    LIST("list"),
    TASK("task"),
    COMMENT("comment");

    private final String text;

    EntityKind(String text) {
        this.text = text;
    }

    /** As it is written in JSON and in the database. */
    public String text() {
        return text;
    }
}
