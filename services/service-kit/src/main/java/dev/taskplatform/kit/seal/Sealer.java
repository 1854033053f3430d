// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.seal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Encrypts secrets for the database: AES-256-GCM, a random nonce in front. Each is bound to a context, so that one cannot
 * be put in another's place. A context is the purpose and an id, as in {@code totp:0199f7a2-5b0c-7d3e-8f4a-6b1c2d3e4f50};
 * that of a signing key is its key id alone.
 */
public final class Sealer {
    private static final String SETTING = "keys.encryption-key-file";
    private static final String ADVICE = "make one with: head -c 32 /dev/urandom | base64";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecretKey key;
    private final SecureRandom random;

    private Sealer(SecretKey key, SecureRandom random) {
        this.key = key;
        this.random = random;
    }

    /**
     * A sealer with the key in a file: base64 of 32 bytes.
     *
     * @throws IllegalArgumentException naming the setting and what to do, if there is no such key
     */
    public static Sealer fromFile(Path file, SecureRandom random) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder()
                    .decode(Files.readString(file, StandardCharsets.US_ASCII).strip());
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException("%s: there is no file %s; %s".formatted(SETTING, file, ADVICE), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("%s: the file %s cannot be read".formatted(SETTING, file), e);
        } catch (IllegalArgumentException e) {
            // No cause: its message would repeat a part of the key.
            throw new IllegalArgumentException("%s: the file %s is no base64; %s".formatted(SETTING, file, ADVICE));
        }
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException("%s: the file %s has %d bytes instead of %d; %s"
                    .formatted(SETTING, file, bytes.length, KEY_BYTES, ADVICE));
        }
        return new Sealer(new SecretKeySpec(bytes, "AES"), random);
    }

    /**
     * Encrypts.
     *
     * @param context what the secret is for, and whose it is; not secret
     */
    public byte[] seal(String context, byte[] secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, context, nonce).doFinal(secret);
            byte[] sealed = new byte[NONCE_BYTES + encrypted.length];
            System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
            System.arraycopy(encrypted, 0, sealed, NONCE_BYTES, encrypted.length);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JVM has no AES-GCM", e);
        }
    }

    /**
     * Decrypts.
     *
     * @param context as it was sealed with
     * @throws IllegalStateException if it was sealed with another key or context, or changed since
     */
    public byte[] open(String context, byte[] sealed) {
        if (sealed.length <= NONCE_BYTES) {
            throw new IllegalStateException("The secret " + context + " in the database is cut off");
        }
        byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, context, nonce)
                    .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "The secret %s in the database was encrypted by another key than the one in %s; give the service its old key back"
                            .formatted(context, SETTING),
                    e);
        }
    }

    /**
     * 32 bytes for another use than sealing, the same in all replicas, from which the key of the file cannot be found
     * (HKDF-Expand of RFC 5869, section 2.3).
     *
     * @param purpose its name; not secret
     */
    public byte[] deriveKey(String purpose) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.getEncoded(), "HmacSHA256"));
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(new byte[] {1});
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has HmacSHA256", e);
        }
    }

    private Cipher cipher(int mode, String context, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
