// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

/** How much a service logs. */
public enum LogLevel {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
}
