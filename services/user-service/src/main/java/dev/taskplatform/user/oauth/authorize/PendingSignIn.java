// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.authorize;

import dev.taskplatform.kit.seal.Sealer;
import dev.taskplatform.user.oauth.protocol.Secrets;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Carries the first step of a sign-in over to the second one: what was typed, encrypted, in the page that asks for the
 * code. So all of it is checked again in one place and counted once, by whichever replica gets the second step, and
 * nothing is kept here of people who never finish. It opens only for the browser that it was made for, and not for long.
 */
public final class PendingSignIn {
    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private final Sealer sealer;
    private final Clock clock;

    /** Collaborators. */
    public PendingSignIn(Sealer sealer, Clock clock) {
        this.sealer = sealer;
        this.clock = clock;
    }

    /** @param browser the cookie of the browser's forms */
    String seal(Typed typed, String browser) {
        byte[] username = typed.username().getBytes(StandardCharsets.UTF_8);
        byte[] password = typed.password().getBytes(StandardCharsets.UTF_8);
        byte[] plain = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + username.length + password.length)
                .putLong(clock.instant().plus(LIFETIME).toEpochMilli())
                .putInt(username.length)
                .put(username)
                .put(password)
                .array();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sealer.seal(context(browser), plain));
    }

    /** What was typed; empty if it is too old, another browser's, or was not made here. */
    Optional<Typed> open(String sealed, String browser) {
        try {
            ByteBuffer plain = ByteBuffer.wrap(
                    sealer.open(context(browser), Base64.getUrlDecoder().decode(sealed)));
            if (!clock.instant().isBefore(Instant.ofEpochMilli(plain.getLong()))) {
                return Optional.empty();
            }
            byte[] username = new byte[plain.getInt()];
            plain.get(username);
            byte[] password = new byte[plain.remaining()];
            plain.get(password);
            return Optional.of(new Typed(
                    new String(username, StandardCharsets.UTF_8), new String(password, StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException | IllegalStateException e) {
            return Optional.empty();
        }
    }

    private static String context(String browser) {
        return "sign-in:" + HexFormat.of().formatHex(Secrets.hash(browser));
    }

    /** What a person typed into the sign-in page. */
    record Typed(String username, String password) {
        @Override
        public String toString() {
            return "Typed[hidden]";
        }
    }
}
