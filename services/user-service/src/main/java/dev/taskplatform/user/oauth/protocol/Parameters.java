// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.user.oauth.protocol;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The parameters of a request, from a query or a form: each at most once, one without a value as if it were not there
 * (RFC 6749, section 3.1). Parameters that nobody asks for do not matter.
 */
public final class Parameters {
    /** Of any parameter that has no limit of its own, in characters. */
    public static final int MAX_LENGTH = 1024;

    /** Of an assertion. */
    public static final int MAX_TOKEN_LENGTH = 16 * 1024;

    /** As long as a body may be. */
    public static final int ANY_LENGTH = Integer.MAX_VALUE;

    private static final int MAX_COUNT = 64;

    private final Map<String, List<String>> values;

    private Parameters(Map<String, List<String>> values) {
        this.values = values;
    }

    /**
     * Reads {@code application/x-www-form-urlencoded}.
     *
     * @param encoded a body, or a query without its question mark
     * @throws OAuthException invalid_request if it is malformed or has a parameter twice
     */
    public static Parameters parse(String encoded) {
        return parseRepeated(encoded).once();
    }

    /**
     * As {@link #parse}, for who must know some parameters to tell where to complain of others: one that is there twice
     * is refused when it is asked for, and by {@link #once}.
     *
     * @throws OAuthException invalid_request if it is malformed
     */
    public static Parameters parseRepeated(String encoded) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        int count = 0;
        for (String pair : encoded.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            if (++count > MAX_COUNT) {
                throw invalid("There are more than " + MAX_COUNT + " parameters");
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
            values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
        }
        values.values().removeIf(List.of("")::equals);
        return new Parameters(values);
    }

    /**
     * The same.
     *
     * @throws OAuthException invalid_request if a parameter is there twice
     */
    public Parameters once() {
        if (values.values().stream().anyMatch(all -> all.size() > 1)) {
            throw repeated();
        }
        return this;
    }

    /**
     * A value of {@code application/x-www-form-urlencoded}.
     *
     * @throws OAuthException invalid_request if it is malformed, or not UTF-8
     */
    public static String decode(String encoded) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c == '+') {
                bytes.write(' ');
            } else if (c == '%') {
                bytes.write(hex(encoded, i + 1) << 4 | hex(encoded, i + 2));
                i += 2;
            } else if (c < 0x80) {
                bytes.write(c);
            } else {
                throw invalid("A parameter has characters that must be percent-encoded");
            }
        }
        try {
            String value = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            // PostgreSQL has no U+0000.
            if (value.indexOf('\0') >= 0) {
                throw invalid("A parameter has the character U+0000");
            }
            return value;
        } catch (CharacterCodingException e) {
            throw invalid("A parameter is not UTF-8");
        }
    }

    /** The same without some of them. */
    public Parameters without(String... names) {
        Map<String, List<String>> others = new LinkedHashMap<>(values);
        others.keySet().removeAll(Set.of(names));
        return new Parameters(others);
    }

    /** The same with one more, or with another value of one. */
    public Parameters with(String name, String value) {
        Map<String, List<String>> more = new LinkedHashMap<>(values);
        more.put(name, List.of(value));
        return new Parameters(more);
    }

    /** As a query without its question mark, or a form. */
    public String encoded() {
        return values.entrySet().stream()
                .flatMap(parameter -> parameter.getValue().stream()
                        .map(value -> URLEncoder.encode(parameter.getKey(), StandardCharsets.UTF_8)
                                + "="
                                + URLEncoder.encode(value, StandardCharsets.UTF_8)))
                .collect(Collectors.joining("&"));
    }

    /** Whether it is there and has a value. */
    public boolean has(String name) {
        return values.containsKey(name);
    }

    /**
     * A parameter that may be left out.
     *
     * @throws OAuthException invalid_request if it is longer than {@link #MAX_LENGTH}, or there twice
     */
    public Optional<String> optional(String name) {
        return optional(name, MAX_LENGTH);
    }

    /** As {@link #optional(String)} with another limit, in characters. */
    public Optional<String> optional(String name, int maxLength) {
        List<String> all = values.getOrDefault(name, List.of());
        if (all.size() > 1) {
            throw repeated();
        }
        if (!all.isEmpty() && all.getFirst().length() > maxLength) {
            throw invalid("The parameter " + name + " is longer than " + maxLength + " characters");
        }
        return all.stream().findFirst();
    }

    /**
     * A parameter that must be there.
     *
     * @throws OAuthException invalid_request if it is not, or is longer than {@link #MAX_LENGTH}
     */
    public String required(String name) {
        return required(name, MAX_LENGTH);
    }

    /** As {@link #required(String)} with another limit, in characters. */
    public String required(String name, int maxLength) {
        return optional(name, maxLength).orElseThrow(() -> invalid("The parameter " + name + " is missing"));
    }

    private static int hex(String text, int index) {
        if (index >= text.length() || !HexFormat.isHexDigit(text.charAt(index))) {
            throw invalid("A parameter has a % that is not followed by two hexadecimal digits");
        }
        return HexFormat.fromHexDigit(text.charAt(index));
    }

    private static OAuthException repeated() {
        return invalid("A parameter is repeated");
    }

    private static OAuthException invalid(String description) {
        return new OAuthException(OAuthError.INVALID_REQUEST, description);
    }

    /** Names alone: values can be secrets. */
    @Override
    public String toString() {
        return "Parameters" + values.keySet();
    }
}
