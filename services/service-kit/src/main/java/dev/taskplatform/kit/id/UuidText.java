// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.id;

import dev.taskplatform.kit.problem.InvalidValueException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** UUIDs as clients write them: 36 characters (RFC 9562, section 4). */
public final class UuidText {
    /** {@link UUID#fromString} also takes groups that are too short. */
    private static final Pattern CANONICAL =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private UuidText() {}

    /** The UUID that a text is, if it is one. */
    public static Optional<UUID> find(String text) {
        return CANONICAL.matcher(text).matches() ? Optional.of(UUID.fromString(text)) : Optional.empty();
    }

    /** @throws InvalidValueException when it is none */
    public static UUID of(String text) {
        return find(text).orElseThrow(() -> new InvalidValueException("An id is a UUID of 36 characters."));
    }
}
