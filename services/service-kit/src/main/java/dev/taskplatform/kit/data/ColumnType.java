// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.id.UuidText;
import dev.taskplatform.kit.json.Json;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A type of PostgreSQL, and how its values are those of SQLite; see {@link TableDigest}. */
enum ColumnType {
    BOOLEAN("bool") {
        @Override
        void bind(PreparedStatement to, int place, Object value) throws SQLException {
            to.setBoolean(place, truth((Long) value));
        }

        private static boolean truth(long value) {
            if (value < 0 || value > 1) {
                throw new IllegalArgumentException("a boolean is 0 or 1");
            }
            return value == 1;
        }

        @Override
        Object read(ResultSet from, int place) throws SQLException {
            return from.getBoolean(place) ? 1L : 0L;
        }
    },
    INTEGER("int2", "int4", "int8") {
        @Override
        void bind(PreparedStatement to, int place, Object value) throws SQLException {
            to.setLong(place, (Long) value);
        }

        @Override
        Object read(ResultSet from, int place) throws SQLException {
            return from.getLong(place);
        }
    },
    REAL("float8") {
        @Override
        void bind(PreparedStatement to, int place, Object value) throws SQLException {
            to.setDouble(place, (Double) value);
        }

        @Override
        Object read(ResultSet from, int place) throws SQLException {
            return from.getDouble(place);
        }
    },
    TEXT("text", "varchar") {
        @Override
        void bind(PreparedStatement to, int place, Object value) throws SQLException {
            to.setString(place, (String) value);
        }

        @Override
        Object read(ResultSet from, int place) throws SQLException {
            return from.getString(place);
        }
    },
    BYTES("bytea") {
        @Override
        void bind(PreparedStatement to, int place, Object value) throws SQLException {
            to.setBytes(place, (byte[]) value);
        }

        @Override
        Object read(ResultSet from, int place) throws SQLException {
            return from.getBytes(place);
        }
    },
    UUID("uuid") {
        @Override
        void bind(PreparedStatement to, int place, Object value) throws SQLException {
            to.setObject(place, UuidText.find((String) value).orElseThrow(IllegalArgumentException::new));
        }

        @Override
        Object read(ResultSet from, int place) throws SQLException {
            return from.getString(place);
        }
    },
    INSTANT("timestamptz") {
        @Override
        void bind(PreparedStatement to, int place, Object value) throws SQLException {
            to.setObject(
                    place, Instant.EPOCH.plus((Long) value, ChronoUnit.MICROS).atOffset(ZoneOffset.UTC));
        }

        @Override
        Object read(ResultSet from, int place) throws SQLException {
            return ChronoUnit.MICROS.between(
                    Instant.EPOCH, from.getObject(place, OffsetDateTime.class).toInstant());
        }
    },
    /** Members in order and numbers without needless digits, as {@code jsonb} does not keep what was written. */
    JSON("json", "jsonb") {
        @Override
        void bind(PreparedStatement to, int place, Object value) throws SQLException {
            to.setObject(place, value, Types.OTHER);
        }

        @Override
        Object read(ResultSet from, int place) throws SQLException {
            return ordered(from.getString(place));
        }

        @Override
        Object same(Object value) {
            return ordered((String) value);
        }
    };

    private static final ObjectMapper MAPPER = Json.mapper();

    private final Set<String> names;

    ColumnType(String... names) {
        this.names = Set.of(names);
    }

    /** @param name as the catalog has it */
    static Optional<ColumnType> of(String name) {
        return Arrays.stream(values()).filter(type -> type.names.contains(name)).findAny();
    }

    /**
     * Gives a value to a statement.
     *
     * @param value of SQLite, not null
     * @throws ClassCastException if it is of another kind
     * @throws IllegalArgumentException if there is no such value of this type
     */
    abstract void bind(PreparedStatement to, int place, Object value) throws SQLException;

    /** What SQLite would have; for null something. */
    abstract Object read(ResultSet from, int place) throws SQLException;

    /** What {@link #read} will answer for a value of SQLite, not null. */
    Object same(Object value) {
        return value;
    }

    private static String ordered(String json) {
        try {
            return ordered(MAPPER.readTree(json)).toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON", e);
        }
    }

    private static JsonNode ordered(JsonNode node) {
        if (node.isObject()) {
            TreeMap<String, JsonNode> members = new TreeMap<>();
            node.properties().forEach(member -> members.put(member.getKey(), ordered(member.getValue())));
            ObjectNode object = MAPPER.createObjectNode();
            return object.setAll(members);
        }
        if (node.isArray()) {
            ArrayNode array = MAPPER.createArrayNode();
            node.forEach(element -> array.add(ordered(element)));
            return array;
        }
        if (node.isNumber()) {
            // As a text: only the digest sees it.
            BigDecimal number = node.decimalValue();
            return MAPPER.getNodeFactory().textNode(number.stripTrailingZeros().toString());
        }
        return node;
    }
}
