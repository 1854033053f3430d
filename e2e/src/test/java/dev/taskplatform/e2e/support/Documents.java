// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.e2e.support;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.utils.Serialization;

/** Reads JSON or YAML text into the types of Java's collections. */
final class Documents {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Documents() {}

    static <T> T read(String text, TypeReference<T> type) {
        return MAPPER.convertValue(Serialization.unmarshal(text, JsonNode.class), type);
    }
}
