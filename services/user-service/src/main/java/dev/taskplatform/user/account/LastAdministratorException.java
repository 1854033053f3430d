// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

/** The change would leave nobody who can sign in and administer the platform. */
public final class LastAdministratorException extends RuntimeException {}
