// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The cookies of browsers. None is readable by scripts or sent with requests that other sites make, but for links that
 * lead here. Where the issuer is https they also have the prefix {@code __Host-}: no other host, and nobody on the way,
 * can have set them.
 */
public final class BrowserCookies {
    /** Who is signed in. */
    public static final String SESSION = "taskplatform-session";

    /** Ties forms to the browser that they were shown in. */
    public static final String FORM = "taskplatform-form";

    /** Such as {@link dev.taskplatform.user.oauth.protocol.Secrets} makes; whatever else is ignored. */
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final boolean secure;

    /** @param issuer URL of this service as browsers see it */
    public BrowserCookies(String issuer) {
        this.secure = issuer.startsWith("https:");
    }

    /** The value that came with a request. */
    public Optional<String> get(ServerRequest request, String name) {
        return request.headers()
                .cookies()
                .first(name(name))
                .asOptional()
                .filter(value -> VALUE.matcher(value).matches());
    }

    /** Sets a cookie until the browser ends. */
    public Header set(String name, String value) {
        return header(name, value, "");
    }

    /** Removes a cookie. */
    public Header remove(String name) {
        return header(name, "", "; Max-Age=0");
    }

    private Header header(String name, String value, String more) {
        return HeaderValues.create(
                HeaderNames.SET_COOKIE,
                name(name) + "=" + value + "; Path=/; HttpOnly; SameSite=Lax" + (secure ? "; Secure" : "") + more);
    }

    private String name(String name) {
        return secure ? "__Host-" + name : name;
    }
}
