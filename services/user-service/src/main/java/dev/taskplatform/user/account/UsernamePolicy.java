// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What can be chosen as a username: names that cannot be taken for another because of their letters alone. Whoever got
 * another before these rules keeps it.
 */
public final class UsernamePolicy {
    /** What speaks of the caller, the platform or nobody in paths, logs and tokens; and whatever looks like it. */
    private static final Set<String> RESERVED = Stream.of("me", "system", "taskplatform", "anonymous")
            .map(Lookalikes::skeleton)
            .collect(Collectors.toUnmodifiableSet());

    /**
     * A new username.
     *
     * @param text as the person typed it
     * @throws InvalidValueException if it is none, mixes scripts or is reserved
     */
    public Username accept(String text) {
        Username username = Username.of(text);
        Lookalikes.objection(username.value()).ifPresent(objection -> {
            throw new InvalidValueException(objection);
        });
        if (RESERVED.contains(username.skeleton())) {
            throw new InvalidValueException("This username is reserved. Choose another one.");
        }
        return username;
    }
}
