// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The condition of an {@code If-Match} or {@code If-None-Match} header (RFC 9110, sections 13.1.1 and 13.1.2).
 *
 * @param any the header is {@code *}
 * @param strong its strong tags
 * @param weak the opaque part of its weak tags
 */
public record EntityTags(boolean any, Set<EntityTag> strong, Set<EntityTag> weak) {
    private static final EntityTags ANY = new EntityTags(true, Set.of(), Set.of());

    /** One entity tag with the comma after it; quotes and commas inside the quotes are the tag's own. */
    private static final Pattern TAG =
            Pattern.compile("[ \\t]*(?:(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\")?[ \\t]*(?:,|$)");

    /**
     * The condition of {@code If-Match}: only a strong tag matches.
     *
     * @return empty when the header isn't there
     * @throws ProblemException 400 naming the header, when it is malformed
     */
    public static Optional<EntityTags> ifMatch(Headers headers) {
        return parse(headers, HeaderNames.IF_MATCH);
    }

    /** As {@link #ifMatch}, of {@code If-None-Match}, where weak tags match too. */
    public static Optional<EntityTags> ifNoneMatch(Headers headers) {
        return parse(headers, HeaderNames.IF_NONE_MATCH);
    }

    /** Whether the tag is among these by weak comparison: true of {@code If-None-Match} means 304. */
    public boolean matchesWeakly(EntityTag tag) {
        return any || strong.contains(tag) || weak.contains(tag);
    }

    /** The versions that the strong tags stand for; tags of another making match nothing. */
    public Set<Long> versions() {
        return strong.stream().flatMap(tag -> tag.version().stream().boxed()).collect(Collectors.toUnmodifiableSet());
    }

    private static Optional<EntityTags> parse(Headers headers, HeaderName name) {
        List<String> lines = headers.all(name, List::of);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        String text = String.join(",", lines);
        if (text.strip().equals("*")) {
            return Optional.of(ANY);
        }
        Set<EntityTag> strong = new LinkedHashSet<>();
        Set<EntityTag> weak = new LinkedHashSet<>();
        Matcher matcher = TAG.matcher(text);
        int end = 0;
        while (end < text.length()) {
            if (!matcher.find(end) || matcher.start() != end) {
                throw malformed(name);
            }
            if (matcher.group(2) != null) {
                (matcher.group(1) == null ? strong : weak).add(new EntityTag(matcher.group(2)));
            }
            end = matcher.end();
        }
        if (strong.isEmpty() && weak.isEmpty()) {
            throw malformed(name);
        }
        return Optional.of(new EntityTags(false, Set.copyOf(strong), Set.copyOf(weak)));
    }

    private static ProblemException malformed(HeaderName name) {
        return ProblemException.invalidField(FieldError.parameter(
                name.defaultCase(), "This header must be * or entity tags in quotes, as in \"7\", parted by commas."));
    }
}
