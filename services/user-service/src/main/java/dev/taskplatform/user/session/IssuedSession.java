// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.user.account.Account;

/**
 * A session that was begun or refreshed.
 *
 * @param account the person as they are now
 * @param session as it is now
 * @param tokens for the program
 */
public record IssuedSession(Account account, Session session, SessionTokens tokens) {}
