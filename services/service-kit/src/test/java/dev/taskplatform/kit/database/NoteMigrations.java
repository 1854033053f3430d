// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.Callable;

/** Migrations for the tests of the kit, on a class path of their own: services also use these test classes. */
public final class NoteMigrations {
    private NoteMigrations() {}

    /** Runs an action, such as opening a database, that finds these migrations. */
    public static <T> T using(Callable<T> action) throws Exception {
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        URL root = NoteMigrations.class.getResource("migrations/");
        // Not closed: a database that is away at first migrates later.
        URLClassLoader classLoader = new URLClassLoader(new URL[] {root}, before);
        try {
            Thread.currentThread().setContextClassLoader(classLoader);
            return action.call();
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }
}
