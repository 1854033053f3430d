// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.database;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ArgumentsSource;

/**
 * Runs a test class once on each kind of database; each run gets an empty {@link DatabaseUnderTest} as the first
 * parameter of its constructor.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedClass(name = "{0}")
@ArgumentsSource(DatabasesUnderTest.class)
public @interface OnEveryDatabase {}
