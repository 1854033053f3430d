// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.cache;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Keeps one copy of what is the same in many objects: the trees of managed fields, above all, are alike in all resources, and take
 * more memory than everything else. What was not met for long is forgotten.
 */
final class Shared {

    private static final int MOST = 8_192;

    private final Map<Object, Object> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
            return size() > MOST;
        }
    };

    /**
     * @param value maps with text as keys, lists and scalars
     * @return an equal one without what is null, which can't be changed
     */
    Object of(Object value) {
        return switch (value) {
            case Map<?, ?> map -> one(map(map));
            case List<?> list ->
                one(list.stream().filter(Objects::nonNull).map(this::of).toList());
            case String text -> one(text);
            case null, default -> value;
        };
    }

    /**
     * @param map a map as in {@link #of}
     * @return an equal one
     */
    @SuppressWarnings("unchecked")
    <V> Map<String, V> ofMap(Map<String, V> map) {
        return (Map<String, V>) of(map);
    }

    private Map<Object, Object> map(Map<?, ?> map) {
        Map<Object, Object> copy = HashMap.newHashMap(map.size());
        map.forEach((key, value) -> {
            if (value != null) {
                copy.put(of(key), of(value));
            }
        });
        return Map.copyOf(copy);
    }

    private synchronized Object one(Object value) {
        Object found = known.putIfAbsent(value, value);
        return found == null ? value : found;
    }
}
