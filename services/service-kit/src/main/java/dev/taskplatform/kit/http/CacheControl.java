// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;

/** What may be kept of an answer (RFC 9111, section 5.2). */
public final class CacheControl {
    /** The client may keep it, and asks whether it has changed before it uses it again. */
    public static final Header REVALIDATE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "private, no-cache");

    /** Nobody keeps it. */
    public static final Header NO_STORE = HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store");

    private CacheControl() {}
}
