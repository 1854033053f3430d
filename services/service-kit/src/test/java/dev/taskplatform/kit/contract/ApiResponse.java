// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpHeaders;
import java.util.Optional;

/**
 * What a service answered.
 *
 * @param status HTTP status
 * @param headers all of them
 * @param body text, empty if there was none
 */
public record ApiResponse(int status, HttpHeaders headers, String body) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The body as JSON. */
    public JsonNode json() {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new AssertionError("No JSON: " + body, e);
        }
    }

    /** First value of a header. */
    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }
}
