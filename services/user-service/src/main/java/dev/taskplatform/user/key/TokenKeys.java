// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.key;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys of one generation: they are made, published, retired and removed together.
 *
 * @param ec P-256, signs access tokens and, for clients that ask for it, ID tokens
 * @param rsa signs ID tokens; none in generations of earlier versions
 */
record TokenKeys(ECKey ec, Optional<RSAKey> rsa) {
    private static final String SET = "keys";

    /**
     * Reads what {@link #toJson} wrote, or a single JWK, as earlier versions did.
     *
     * @throws ParseException if it is neither
     */
    static TokenKeys parse(String json) throws ParseException {
        Map<String, Object> object = JSONObjectUtils.parse(json);
        if (!object.containsKey(SET)) {
            return new TokenKeys(ECKey.parse(object), Optional.empty());
        }
        List<JWK> keys = JWKSet.parse(object).getKeys();
        return new TokenKeys(
                of(ECKey.class, keys).orElseThrow(() -> new ParseException("There is no key for ES256", 0)),
                of(RSAKey.class, keys));
    }

    /** A JWK Set (RFC 7517), private parts included if there are any. */
    String toJson() {
        return new JWKSet(all()).toString(false);
    }

    List<JWK> all() {
        return Stream.concat(Stream.<JWK>of(ec), rsa.stream()).toList();
    }

    /** Without private parts. */
    TokenKeys publicPart() {
        return new TokenKeys(ec.toPublicJWK(), rsa.map(RSAKey::toPublicJWK));
    }

    /** The id of each key by its algorithm. */
    Map<String, String> kids() {
        return all().stream()
                .collect(Collectors.toMap(
                        key -> key.getAlgorithm().getName(), JWK::getKeyID, (first, second) -> first, TreeMap::new));
    }

    private static <T extends JWK> Optional<T> of(Class<T> type, List<JWK> keys) {
        return keys.stream().filter(type::isInstance).map(type::cast).findFirst();
    }

    /** Leaves the keys out. */
    @Override
    public String toString() {
        return "TokenKeys" + kids();
    }
}
