// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import dev.taskplatform.kit.http.EntityTag;
import dev.taskplatform.kit.http.EntityTags;
import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** {@code /.well-known/jwks.json}: the JWK Set (RFC 7517) that access and ID tokens are checked with. */
public final class JwksResource implements HttpService {
    private static final Header CACHEABLE = HeaderValues.createCached(
            HeaderNames.CACHE_CONTROL, "public, max-age=" + RotationPlan.JWKS_LIFETIME.toSeconds());

    private final SigningKeys keys;

    /** @param keys the keys to publish */
    public JwksResource(SigningKeys keys) {
        this.keys = keys;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/.well-known/jwks.json", this::get);
    }

    private void get(ServerRequest request, ServerResponse response) {
        Optional<EntityTags> known = EntityTags.ifNoneMatch(request.headers());
        byte[] body = keys.published().toString().getBytes(StandardCharsets.UTF_8);
        EntityTag tag = tag(body);
        response.header(CACHEABLE).header(tag.header());
        if (known.isPresent() && known.get().matchesWeakly(tag)) {
            response.status(Status.NOT_MODIFIED_304).send();
            return;
        }
        response.headers().contentType(MediaTypes.APPLICATION_JSON);
        response.send(body);
    }

    private static EntityTag tag(byte[] body) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return new EntityTag(Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 16)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
