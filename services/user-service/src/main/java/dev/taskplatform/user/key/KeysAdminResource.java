// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import dev.taskplatform.kit.auth.AccessToken;
import dev.taskplatform.kit.auth.Actor;
import dev.taskplatform.kit.auth.Actors;
import dev.taskplatform.kit.auth.BearerAuthentication;
import dev.taskplatform.kit.json.JsonFields;
import dev.taskplatform.kit.json.JsonReader;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** {@code /v1/admin/keys}: the signing keys and their rotation, for administrators. */
public final class KeysAdminResource implements HttpService {
    private final SigningKeys keys;
    private final BearerAuthentication bearer;
    private final Actors actors;
    private final JsonReader json;

    /** Collaborators. */
    public KeysAdminResource(SigningKeys keys, BearerAuthentication bearer, Actors actors, JsonReader json) {
        this.keys = keys;
        this.bearer = bearer;
        this.actors = actors;
        this.json = json;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", bearer.admin(this::list)).post("/rotation", bearer.admin(this::rotate));
    }

    private void list(AccessToken caller, ServerRequest request, ServerResponse response) {
        List<Key> items = keys.describe().stream().map(Key::of).toList();
        response.header(HeaderNames.CACHE_CONTROL, "private, no-store").send(new Keys(items));
    }

    private void rotate(AccessToken caller, ServerRequest request, ServerResponse response) {
        JsonFields body = json.fields(request);
        boolean revokePrevious = body.optionalBoolean("revokePrevious").orElse(false);
        body.done();
        Actor actor = actors.of(request, caller);
        KeyInfo next = revokePrevious ? keys.replace(actor) : keys.rotate(actor);
        response.status(Status.ACCEPTED_202).send(Key.of(next));
    }

    /** All of them: there are never many. */
    private record Keys(List<Key> items) {}

    /** How a key looks from outside. */
    private record Key(
            String kid,
            Map<String, String> kids,
            String state,
            Instant createdAt,
            Instant signsFrom,
            Instant retiresAt,
            Instant publishedUntil) {
        static Key of(KeyInfo key) {
            return new Key(
                    key.kid(),
                    key.kids(),
                    key.state().name().toLowerCase(Locale.ROOT),
                    key.createdAt(),
                    key.signsFrom(),
                    key.retiresAt(),
                    key.publishedUntil());
        }
    }
}
