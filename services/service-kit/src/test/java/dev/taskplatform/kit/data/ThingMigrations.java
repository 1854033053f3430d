// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.Callable;

/** Migrations for the tests of this package, on a class path of their own: services also use these test classes. */
final class ThingMigrations {
    private ThingMigrations() {}

    /** Does what finds these migrations. */
    static <T> T using(Callable<T> action) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        URL root = ThingMigrations.class.getResource("migrations/");
        try (URLClassLoader classLoader = new URLClassLoader(new URL[] {root}, before)) {
            thread.setContextClassLoader(classLoader);
            return action.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }
}
