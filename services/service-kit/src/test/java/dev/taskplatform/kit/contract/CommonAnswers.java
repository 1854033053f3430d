// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.taskplatform.kit.contract.OpenApiContract.Operation;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Provokes what operations answer whatever they are about, where the document speaks of it. */
public final class CommonAnswers {
    private static final int TOO_LONG = 70_000;
    private static final int ENOUGH_FOR_A_LIMIT = 10;

    private final OpenApiContract contract;
    private final String tag;

    /** @param tag of the operations */
    public CommonAnswers(OpenApiContract contract, String tag) {
        this.contract = contract;
        this.tag = tag;
    }

    /** 401 without an access token. */
    public void checkWithoutToken(ApiClient client) {
        contract.operations(tag)
                .filter(Operation::wantsToken)
                .forEach(operation -> expect(401, operation, request(client, operation, "{}")));
    }

    /**
     * 403 with an access token that is for something else.
     *
     * @param token valid, with a scope that no operation takes
     */
    public void checkWithoutScope(ApiClient client, String token) {
        contract.operations(tag)
                .filter(Operation::wantsToken)
                .forEach(operation ->
                        expect(403, operation, request(client, operation, "{}").bearer(token)));
    }

    /** 413 and 415 for bodies that nobody reads. */
    public void checkBodies(ApiClient client, String token) {
        contract.operations(tag)
                .filter(operation -> operation.statuses().contains("413"))
                .forEach(operation -> {
                    String body = "{\"x\": \"" + "x".repeat(TOO_LONG) + "\"}";
                    expect(413, operation, request(client, operation, body).bearer(token));
                    expect(
                            413,
                            operation,
                            client.request(operation.method(), operation.example())
                                    .bearer(token)
                                    .chunked(operation.mediaTypes().getFirst(), body));
                });
        contract.operations(tag)
                .filter(operation -> operation.statuses().contains("415"))
                .forEach(operation -> expect(
                        415,
                        operation,
                        client.request(operation.method(), operation.example())
                                .bearer(token)
                                .header("If-Match", "*")
                                .body("text/plain", "{}")));
    }

    /**
     * 429 for operations that are called without an access token.
     *
     * @param client of a service that allows one request a second
     */
    public void checkLimits(ApiClient client) {
        contract.operations(tag)
                .filter(operation -> operation.statuses().contains("429") && !operation.wantsToken())
                .forEach(operation -> {
                    Supplier<Integer> status =
                            () -> request(client, operation, "{}").send().status();
                    // At most one in a second is answered otherwise.
                    assertThat(Stream.generate(status).limit(ENOUGH_FOR_A_LIMIT))
                            .as(operation.name())
                            .contains(429);
                });
    }

    /**
     * 503 while the database is away.
     *
     * @param client of a service without its database
     * @param token of any service
     */
    public void checkWithoutDatabase(ApiClient client, String token) {
        contract.operations(tag)
                .filter(operation -> operation.statuses().contains("503"))
                .filter(operation -> operation.mediaTypes().stream().noneMatch(type -> type.contains("form")))
                .forEach(operation -> expect(
                        503,
                        operation,
                        request(client, operation, contract.requestExample(operation))
                                .bearer(token)
                                .header("If-Match", "*")));
    }

    /**
     * What operations answer to the examples of the document, called all at once, by their names.
     *
     * @param token for those that want one
     */
    public Map<String, CompletableFuture<ApiResponse>> answers(ApiClient client, String token, Executor executor) {
        return contract.operations(tag)
                .collect(Collectors.toMap(
                        Operation::name,
                        operation -> CompletableFuture.supplyAsync(() -> answer(client, token, operation), executor)));
    }

    private ApiResponse answer(ApiClient client, String token, Operation operation) {
        ApiClient.Request request =
                request(client, operation, contract.requestExample(operation)).header("If-Match", "*");
        return (operation.wantsToken() ? request.bearer(token) : request).send();
    }

    private static ApiClient.Request request(ApiClient client, Operation operation, String body) {
        ApiClient.Request request = client.request(operation.method(), operation.example());
        return operation.mediaTypes().isEmpty()
                ? request
                : request.body(operation.mediaTypes().getFirst(), body);
    }

    private static void expect(int status, Operation operation, ApiClient.Request request) {
        assertThat(request.send().status()).as(operation.name()).isEqualTo(status);
    }
}
