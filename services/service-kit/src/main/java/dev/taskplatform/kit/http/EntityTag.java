// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import java.util.OptionalLong;

/**
 * A strong entity tag (RFC 9110, section 8.8.3).
 *
 * @param opaque the characters between the quotes
 */
public record EntityTag(String opaque) {

    /** The tag of a representation whose state has this version. */
    public static EntityTag ofVersion(long version) {
        return new EntityTag(Long.toString(version));
    }

    /** The version that {@link #ofVersion} would give this tag, if there is one. */
    public OptionalLong version() {
        try {
            long version = Long.parseLong(opaque);
            return ofVersion(version).equals(this) ? OptionalLong.of(version) : OptionalLong.empty();
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    /** The {@code ETag} header. */
    public Header header() {
        return HeaderValues.create(HeaderNames.ETAG, toString());
    }

    /** As it is in a header. */
    @Override
    public String toString() {
        return '"' + opaque + '"';
    }
}
