// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.user.oauth.protocol.Parameters;
import dev.taskplatform.user.oauth.protocol.Scope;
import dev.taskplatform.user.oauth.protocol.Secrets;
import java.net.URI;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The pages that people see: no scripts, nothing from elsewhere, forms that post to the address of their page. */
final class Pages {
    private static final String STYLE = """
            body{font:1rem/1.5 system-ui,sans-serif;color:#1b1b1b;background:#f4f4f2;margin:0}
            main{max-width:24rem;margin:10vh auto;padding:2rem;background:#fff;border:1px solid #d0d0cc;border-radius:.5rem}
            h1{font-size:1.35rem;margin:0 0 1rem}label{display:block;margin:1rem 0 .25rem}
            input{font:inherit;width:100%;box-sizing:border-box;padding:.5rem;border:1px solid #767676;border-radius:.25rem}
            button{font:inherit;padding:.5rem 1.25rem;margin:1.5rem .5rem 0 0;border:1px solid #1d4f91;border-radius:.25rem;\
            background:#1d4f91;color:#fff}
            button.other{background:#fff;color:#1d4f91}[role=alert]{padding:.75rem;border-left:.25rem solid #b3261e;\
            background:#fbeceb}
            :focus-visible{outline:.2rem solid #1d4f91;outline-offset:.1rem}li{overflow-wrap:anywhere}
            @media(prefers-color-scheme:dark){body{color:#eee;background:#161616}main{background:#222;border-color:#444}\
            input{background:#161616;color:#eee}button.other{background:#222;color:#a9c7f5;border-color:#a9c7f5}\
            [role=alert]{background:#3b1f1d}a{color:#a9c7f5}}
            """;

    /** What a scope means, to whoever is asked for it. */
    private static final Map<String, String> MEANINGS = meanings();

    private final String policy;

    Pages() {
        String hash = Base64.getEncoder().encodeToString(Secrets.hash(STYLE));
        this.policy = "default-src 'none'; style-src 'sha256-" + hash
                + "'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";
    }

    /**
     * The {@code Content-Security-Policy} of a page.
     *
     * @param target where its form may lead to in the end: browsers apply {@code form-action} to redirects, too
     */
    String policy(Optional<AuthorizationTarget> target) {
        return policy + target.map(value -> " " + source(value.redirectUri())).orElse("");
    }

    Html signIn(AuthorizationRequest request, String csrf, Optional<String> username, Optional<String> problem) {
        return page(
                "Sign in",
                Html.of(
                        """
                <h1>Sign in</h1>
                <p>to go on to <strong>{}</strong></p>
                {}<form method="post">
                <input type="hidden" name="step" value="sign-in"><input type="hidden" name="csrf" value="{}">
                <label for="username">Username</label>
                <input id="username" name="username" value="{}" autocomplete="username" autocapitalize="none" spellcheck="false" required{}>
                <label for="password">Password</label>
                <input id="password" name="password" type="password" autocomplete="current-password" required{}>
                <button>Sign in</button>
                </form>
                """,
                        request.client().name(),
                        alert(problem),
                        csrf,
                        username.orElse(""),
                        username.isEmpty() ? new Html(" autofocus") : Html.NOTHING,
                        username.isPresent() ? new Html(" autofocus") : Html.NOTHING));
    }

    Html secondFactor(String csrf, String pending, Optional<String> problem) {
        return page("Second step", Html.of("""
                <h1>Second step</h1>
                {}<form method="post">
                <input type="hidden" name="step" value="second-factor"><input type="hidden" name="csrf" value="{}">
                <input type="hidden" name="pending" value="{}">
                <label for="code">Code of your authenticator, or a recovery code</label>
                <input id="code" name="code" autocomplete="one-time-code" autocapitalize="none" spellcheck="false" required autofocus>
                <button>Go on</button>
                </form>
                """, alert(problem), csrf, pending));
    }

    Html consent(
            AuthorizationRequest request, String sessionId, String username, String csrf, Parameters otherAccount) {
        Set<String> scope = request.scope();
        Html items = Html.all(MEANINGS.entrySet().stream()
                .filter(meaning -> scope.contains(meaning.getKey()))
                .map(meaning -> Html.of("<li>{}</li>\n", meaning.getValue()))
                .toList());
        return page(
                "Allow access",
                Html.of(
                        """
                <h1>Allow access?</h1>
                <p><strong>{}</strong> asks to do this in your name, <strong>{}</strong>:</p>
                <ul>
                {}</ul>
                <p>You will go on to {}.</p>
                <form method="post">
                <input type="hidden" name="step" value="consent"><input type="hidden" name="csrf" value="{}">
                <input type="hidden" name="session" value="{}">
                <button name="decision" value="allow">Allow</button>
                <button name="decision" value="deny" class="other">Don't allow</button>
                </form>
                <p><a href="?{}">Use another account</a></p>
                """,
                        request.client().name(),
                        username,
                        items,
                        origin(request.target().redirectUri()),
                        csrf,
                        sessionId,
                        otherAccount.encoded()));
    }

    Html error(String detail) {
        return page("This did not work", Html.of("""
                <h1>This did not work</h1>
                <p role="alert">{}</p>
                <p>Go back to the program that you came from. If this happens again, tell the people who run it.</p>
                """, detail));
    }

    private static Html page(String title, Html content) {
        return Html.of("""
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
                <title>{} - TaskPlatform</title>
                <style>{}</style>
                </head>
                <body>
                <main>
                {}</main>
                </body>
                </html>
                """, title, new Html(STYLE), content);
    }

    private static Html alert(Optional<String> problem) {
        return problem.map(text -> Html.of("<p role=\"alert\">{}</p>\n", text)).orElse(Html.NOTHING);
    }

    /** Whom a person is sent to, to read. */
    private static String origin(String redirectUri) {
        URI uri = URI.create(redirectUri);
        return uri.getScheme() + ":" + (isWeb(uri) ? "//" + uri.getRawAuthority() : "");
    }

    /** The same, in the characters that a policy can have: an IPv6 address is not among them. */
    private static String source(String redirectUri) {
        URI uri = URI.create(redirectUri);
        return isWeb(uri) && uri.getHost().indexOf('[') < 0 ? origin(redirectUri) : uri.getScheme() + ":";
    }

    private static boolean isWeb(URI uri) {
        return uri.getHost() != null
                && (uri.getScheme().equals("https") || uri.getScheme().equals("http"));
    }

    private static Map<String, String> meanings() {
        Map<String, String> meanings = new LinkedHashMap<>();
        meanings.put(Scope.OPENID, "Know that it is you who signs in");
        meanings.put(Scope.PROFILE, "See your username and your name");
        meanings.put(Scope.EMAIL, "See your e-mail address");
        meanings.put(Scope.TASKS, "See and change your tasks");
        meanings.put(Scope.ACCOUNT, "See and change your account");
        meanings.put(Scope.OFFLINE_ACCESS, "Do so also while you are away, until you sign it out");
        return Collections.unmodifiableMap(meanings);
    }
}
