// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.idempotency;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is stored in place of a client's key, request and answer. All of it is derived (HKDF, RFC 5869) from the client's
 * key, which is not stored, and the service's secret: somebody who reads the table cannot try passwords against the
 * fingerprint of a registration, nor read the secret in an answer.
 */
final class KeySecrets {
    /** Length of a nonce. */
    static final int NONCE_BYTES = 12;

    private static final String MAC = "HmacSHA256";
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int BYTES = 32;
    private static final int TAG_BITS = 128;
    private final byte[] id;
    private final byte[] fingerprintKey;
    private final byte[] answerKey;

    /**
     * @param scope names the caller and the operation; the same key in another scope is another key
     * @param secret the service's own; may be empty
     */
    KeySecrets(IdempotencyKey key, String scope, byte[] secret) {
        this.id = derive(key, scope, secret, "id");
        this.fingerprintKey = derive(key, scope, secret, "fingerprint");
        this.answerKey = derive(key, scope, secret, "answer");
    }

    /** Primary key of the row. */
    byte[] id() {
        return id.clone();
    }

    /** Equal for equal bodies. */
    byte[] fingerprint(byte[] body) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(fingerprintKey, MAC));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    /**
     * Encrypts an answer.
     *
     * @param nonce {@link #NONCE_BYTES} random bytes
     */
    byte[] seal(byte[] answer, byte[] nonce) {
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(answer);
            byte[] result = Arrays.copyOf(nonce, nonce.length + sealed.length);
            System.arraycopy(sealed, 0, result, nonce.length, sealed.length);
            return result;
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    /**
     * What {@link #seal} sealed.
     *
     * @throws IllegalStateException when it was changed
     */
    byte[] open(byte[] sealed) {
        try {
            byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
            return cipher(Cipher.DECRYPT_MODE, nonce).doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException("A stored answer was changed", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, new SecretKeySpec(answerKey, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(id);
        return cipher;
    }

    private static byte[] derive(IdempotencyKey key, String scope, byte[] secret, String purpose) {
        // U+0000 is in neither: the one cannot run into the other.
        byte[] info = (purpose + '\0' + scope).getBytes(StandardCharsets.UTF_8);
        HKDFParameterSpec.Builder extract =
                HKDFParameterSpec.ofExtract().addIKM(key.value().getBytes(StandardCharsets.UTF_8));
        if (secret.length > 0) {
            extract.addSalt(secret);
        }
        try {
            return KDF.getInstance("HKDF-SHA256").deriveData(extract.thenExpand(info, BYTES));
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    private static IllegalStateException impossible(GeneralSecurityException e) {
        return new IllegalStateException("Every Java platform has HKDF, HMAC and AES", e);
    }
}
