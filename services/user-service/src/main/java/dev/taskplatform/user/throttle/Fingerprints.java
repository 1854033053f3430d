// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.throttle;

import dev.taskplatform.kit.http.ClientAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes names and addresses unreadable for the table (HMAC-SHA256, 128 bits of it): people type passwords where a name is
 * asked for, and addresses are nobody's business.
 */
final class Fingerprints {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 16;

    private final SecretKeySpec key;

    /** @param key 32 bytes that all replicas share */
    Fingerprints(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    CounterKey ofName(String usernameKey) {
        return new CounterKey(CounterKey.Kind.ACCOUNT, of(usernameKey));
    }

    CounterKey ofAddress(ClientAddress address) {
        return new CounterKey(CounterKey.Kind.ADDRESS, of(address.network()));
    }

    private String of(String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            byte[] tag = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(tag, BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }
}
