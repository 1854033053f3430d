/**
 * Creates that a client may repeat without making two things: the header {@code Idempotency-Key} of
 * draft-ietf-httpapi-idempotency-key-header-07.
 *
 * <p>A service brings the table {@code idempotency_key} by a migration of its own:
 *
 * <pre>{@code
 * id          32 bytes, primary key
 * fingerprint 32 bytes
 * claim       UUID: the attempt that works on it
 * expires_at  instant, with an index: the end of the claim, or of what is kept
 * answer      bytes, sealed; null while an attempt works on it
 * }</pre>
 */
package dev.taskplatform.kit.idempotency;
