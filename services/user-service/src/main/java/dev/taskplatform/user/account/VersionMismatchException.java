// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

/** The account has another version than the change was meant for. */
public final class VersionMismatchException extends RuntimeException {}
