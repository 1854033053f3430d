// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.LinkedHashMap;
import java.util.Map;

/** An object as plain maps and lists. */
public final class Fields {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final TypeReference<LinkedHashMap<String, Object>> MAP = new TypeReference<>() {};

    private Fields() {}

    /**
     * @param object an object of any class
     * @return its fields
     */
    public static Map<String, Object> of(HasMetadata object) {
        return MAPPER.convertValue(object, MAP);
    }
}
