// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.outbound;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A request to another service.
 *
 * @param method GET or POST
 * @param path of the route, with its slash and its query; before the query with nothing that needs escaping
 * @param headers beside the request's id; may hold secrets
 * @param body null for none
 * @param patience how long the request lets the other side wait before it answers; added to the time of the call
 * @param repeatable whether it does no harm to send it once more when nobody knows what became of it
 */
public record PeerRequest(
        String method, String path, Map<String, String> headers, byte[] body, Duration patience, boolean repeatable) {
    /** @throws IllegalArgumentException when the path has an escape: Helidon's client would send another */
    public PeerRequest {
        if (path.indexOf('%') >= 0 && !path.substring(0, path.indexOf('%')).contains("?")) {
            throw new IllegalArgumentException("The path of a request to another service has an escape");
        }
        headers = Map.copyOf(headers);
    }

    /** Reads. */
    public static PeerRequest get(String path) {
        return new PeerRequest("GET", path, Map.of(), null, Duration.ZERO, true);
    }

    /** Posts nothing: the path says it all. */
    public static PeerRequest post(String path) {
        return new PeerRequest("POST", path, Map.of(), null, Duration.ZERO, false);
    }

    /** Posts JSON. */
    public static PeerRequest post(String path, byte[] json) {
        return new PeerRequest("POST", path, Map.of("Content-Type", "application/json"), json, Duration.ZERO, false);
    }

    /** Posts a form. */
    public static PeerRequest form(String path, Map<String, String> fields) {
        byte[] body = fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.US_ASCII);
        return new PeerRequest(
                "POST", path, Map.of("Content-Type", "application/x-www-form-urlencoded"), body, Duration.ZERO, false);
    }

    /** The same with one more header. */
    public PeerRequest with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new PeerRequest(method, path, more, body, patience, repeatable);
    }

    /** The same, which lets the other side wait. */
    public PeerRequest waiting(Duration longer) {
        return new PeerRequest(method, path, headers, body, longer, repeatable);
    }

    /** The same, which may be sent again after a failure. */
    public PeerRequest repeating() {
        return new PeerRequest(method, path, headers, body, patience, true);
    }

    Optional<byte[]> content() {
        return Optional.ofNullable(body);
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Leaves out what may be secret. */
    @Override
    public String toString() {
        return "PeerRequest[" + method + "]";
    }
}
