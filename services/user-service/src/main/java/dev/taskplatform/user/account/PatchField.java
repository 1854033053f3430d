// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.account;

import java.util.Optional;

/**
 * What a merge patch says of a field that an account need not have (RFC 7396).
 *
 * @param given whether it says anything; otherwise the field stays
 * @param value the new value; none removes the field
 */
public record PatchField<T>(boolean given, Optional<T> value) {
    /** The field stays as it is. */
    public static <T> PatchField<T> unchanged() {
        return new PatchField<>(false, Optional.empty());
    }

    /** The field becomes this, or goes. */
    public static <T> PatchField<T> to(Optional<T> value) {
        return new PatchField<>(true, value);
    }

    Optional<T> after(Optional<T> current) {
        return given ? value : current;
    }
}
