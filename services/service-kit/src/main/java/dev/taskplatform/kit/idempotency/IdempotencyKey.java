// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.idempotency;

import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.ProblemException;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Headers;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name that a client gave to one request and its repetitions.
 *
 * @param value 1 to 255 characters of visible ASCII and space; may be as good as a password, so it is not logged or stored
 */
record IdempotencyKey(String value) {
    static final HeaderName HEADER = HeaderNames.create("Idempotency-Key");

    private static final int MAX_LENGTH = 255;

    /** A String of RFC 8941, section 3.3.3, or, as most clients send it, the same without its quotes. */
    private static final Pattern SYNTAX = Pattern.compile(
            "\"((?:[\\x20-\\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\"\\\\])+)\"|([\\x21\\x23-\\x5b\\x5d-\\x7e]+)");

    private static final Pattern ESCAPED = Pattern.compile("\\\\(.)");

    /**
     * The key of a request.
     *
     * @return empty when the header isn't there
     * @throws ProblemException 400 naming the header, when it is malformed, too long or there twice
     */
    static Optional<IdempotencyKey> of(Headers headers) {
        List<String> lines = headers.all(HEADER, List::of);
        if (lines.isEmpty()) {
            return Optional.empty();
        }
        Matcher matcher = SYNTAX.matcher(lines.getFirst().strip());
        if (lines.size() > 1 || !matcher.matches()) {
            throw malformed();
        }
        String value = matcher.group(1) == null
                ? matcher.group(2)
                : ESCAPED.matcher(matcher.group(1)).replaceAll("$1");
        if (value.length() > MAX_LENGTH) {
            throw malformed();
        }
        return Optional.of(new IdempotencyKey(value));
    }

    private static ProblemException malformed() {
        return ProblemException.invalidField(FieldError.parameter(
                HEADER.defaultCase(),
                "This header must be one string of 1 to " + MAX_LENGTH
                        + " ASCII characters, as in \"8e03978e-40d5-43e8-bc93-6894a57f9324\"."));
    }

    @Override
    public String toString() {
        return "IdempotencyKey[hidden]";
    }
}
