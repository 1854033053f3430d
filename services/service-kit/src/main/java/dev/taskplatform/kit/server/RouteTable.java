// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.server;

import dev.taskplatform.kit.observe.MatchedRoute;
import dev.taskplatform.kit.problem.ProblemException;
import dev.taskplatform.kit.problem.ProblemType;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.http.PathMatcher;
import io.helidon.http.PathMatchers;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.HttpRoute;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Passes routes on to Helidon and remembers them: Helidon answers 404 where only the method is wrong, and does not tell
 * which routes it has. Every route of GET takes HEAD too, which is not a route of its own here or in the API's document.
 */
final class RouteTable implements HttpRules {
    private final HttpRules rules;
    private final String prefix;
    private final List<Entry> entries;

    RouteTable(HttpRules rules) {
        this(rules, "", new ArrayList<>());
    }

    private RouteTable(HttpRules rules, String prefix, List<Entry> entries) {
        this.rules = rules;
        this.prefix = prefix;
        this.entries = entries;
    }

    /** All routes that were registered, with full patterns. */
    List<RegisteredRoute> routes() {
        return entries.stream().map(Entry::route).toList();
    }

    /** Registered last, answers what no route took: 405 with {@code Allow}, or 404. */
    void reject(ServerRequest request, ServerResponse response) {
        String path = request.prologue().uriPath().path();
        boolean isLiteral = isLiteral(path);
        String allowed = entries.stream()
                .filter(entry -> isLiteral
                        ? entry.route().pattern().equals(path)
                        : entry.matcher().match(request.prologue().uriPath()).accepted())
                .map(entry -> entry.route().method())
                .flatMap(method ->
                        method.equals(Method.GET.text()) ? Stream.of(method, Method.HEAD.text()) : Stream.of(method))
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
        if (allowed.isEmpty()) {
            throw new ProblemException(
                    ProblemType.NOT_FOUND, "There is no route " + path + ". The routes are described at /openapi.");
        }
        throw new ProblemException(ProblemType.METHOD_NOT_ALLOWED, "This route answers " + allowed + " only.")
                .with(HeaderValues.create(HeaderNames.ALLOW, allowed));
    }

    @Override
    public HttpRules register(HttpService... services) {
        return register("", services);
    }

    @Override
    public HttpRules register(String pathPattern, HttpService... services) {
        for (HttpService service : services) {
            HttpService recorded = inner -> service.routing(new RouteTable(inner, prefix + pathPattern, entries));
            if (pathPattern.isEmpty()) {
                rules.register(recorded);
            } else {
                rules.register(pathPattern, recorded);
            }
        }
        return this;
    }

    @Override
    public HttpRules route(Method method, String pathPattern, Handler handler) {
        String full = prefix + (pathPattern.equals("/") && !prefix.isEmpty() ? "" : pathPattern);
        entries.add(new Entry(new RegisteredRoute(method.text(), full), PathMatchers.create(full)));
        MatchedRoute matched = new MatchedRoute(full);
        boolean hasParameters = full.contains("{");
        Handler known = (request, response) -> {
            // What is a route by its very name is no value of another route's parameter, whatever the method.
            if (hasParameters && isLiteral(request.prologue().uriPath().path())) {
                reject(request, response);
            }
            request.context().register(matched);
            handler.handle(request, response);
        };
        rules.route(method, pathPattern, known);
        if (method.equals(Method.GET)) {
            rules.route(
                    Method.HEAD,
                    pathPattern,
                    (request, response) -> known.handle(request, new HeadResponse(request, response)));
        }
        return this;
    }

    private boolean isLiteral(String path) {
        return entries.stream()
                .map(entry -> entry.route().pattern())
                .anyMatch(pattern -> !pattern.contains("{") && pattern.equals(path));
    }

    @Override
    public HttpRules route(Method method, Handler handler) {
        return route(method, "/", handler);
    }

    /** Routes with predicates cannot be listed, and we have none. */
    @Override
    public HttpRules route(HttpRoute route) {
        throw new UnsupportedOperationException("Register routes by one method and one path pattern");
    }

    private record Entry(RegisteredRoute route, PathMatcher matcher) {}
}
