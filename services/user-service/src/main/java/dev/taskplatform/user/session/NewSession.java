// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.session;

import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.user.account.Account;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * What a session begins with.
 *
 * @param account the person
 * @param clientId the program that they let act for them
 * @param scope what it may do
 * @param methods how the person proved who they are ({@link SignedIn#methods})
 * @param authenticatedAt when they did
 * @param actor where the request came from
 * @param userAgent the program that the person sits at
 */
public record NewSession(
        Account account,
        String clientId,
        Set<String> scope,
        Set<String> methods,
        Instant authenticatedAt,
        Actor actor,
        Optional<UserAgent> userAgent) {}
