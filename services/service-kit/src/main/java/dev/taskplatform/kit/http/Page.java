// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import io.helidon.common.uri.UriQuery;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A part of a list.
 *
 * @param items in the order of the list
 * @param next value of the query parameter {@code cursor} that gets the next page; null, and so not in JSON, on the last
 */
public record Page<T>(List<T> items, String next) {

    /**
     * The page of what was found; one more than it may have tells that there is a next.
     *
     * @param found in the order of the list, at most one more than {@code limit}
     * @param limit items that the page may have
     * @param view how an item looks
     * @param cursor of the page after an item
     */
    public static <M, T> Page<T> of(List<M> found, int limit, Function<M, T> view, Function<M, String> cursor) {
        List<M> shown = found.subList(0, Math.min(limit, found.size()));
        return new Page<>(
                shown.stream().map(view).toList(), found.size() > limit ? cursor.apply(shown.getLast()) : null);
    }

    /** The {@code Link} header with {@code rel="next"}: this request with the other cursor (RFC 8288). */
    public Optional<Header> link(ServerRequest request) {
        return Optional.ofNullable(next)
                .map(cursor -> HeaderValues.create(
                        HeaderNames.LINK,
                        "<%s?%s>; rel=\"next\""
                                .formatted(request.path().absolute().rawPath(), query(request.query(), cursor))));
    }

    private static String query(UriQuery query, String cursor) {
        Stream<String> others = query.names().stream()
                .filter(name -> !name.equals("cursor"))
                .flatMap(name -> query.all(name).stream().map(value -> encode(name) + "=" + encode(value)));
        return Stream.concat(others, Stream.of("cursor=" + cursor)).collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
