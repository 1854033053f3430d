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
 * @param path of the route, with its slash and its query
 * @param headers beside the request's id; may hold secrets
 * @param body null for none
 * @param patience how long the request lets the other side wait before it answers; added to the time of the call
 */
public record PeerRequest(String method, String path, Map<String, String> headers, byte[] body, Duration patience) {
    /** Keeps copies. */
    public PeerRequest {
        headers = Map.copyOf(headers);
    }

    /** Reads. */
    public static PeerRequest get(String path) {
        return new PeerRequest("GET", path, Map.of(), null, Duration.ZERO);
    }

    /** Posts nothing: the path says it all. */
    public static PeerRequest post(String path) {
        return new PeerRequest("POST", path, Map.of(), null, Duration.ZERO);
    }

    /** Posts JSON. */
    public static PeerRequest post(String path, byte[] json) {
        return new PeerRequest("POST", path, Map.of("Content-Type", "application/json"), json, Duration.ZERO);
    }

    /** Posts a form. */
    public static PeerRequest form(String path, Map<String, String> fields) {
        byte[] body = fields.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"))
                .getBytes(StandardCharsets.US_ASCII);
        return new PeerRequest(
                "POST", path, Map.of("Content-Type", "application/x-www-form-urlencoded"), body, Duration.ZERO);
    }

    /** The same with one more header. */
    public PeerRequest with(String name, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(name, value);
        return new PeerRequest(method, path, more, body, patience);
    }

    /** The same, which lets the other side wait. */
    public PeerRequest waiting(Duration longer) {
        return new PeerRequest(method, path, headers, body, longer);
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
