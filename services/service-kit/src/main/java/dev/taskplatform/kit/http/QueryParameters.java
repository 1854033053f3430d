// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.http;

import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.kit.problem.ProblemException;
import io.helidon.common.uri.UriQuery;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Takes the parameters out of a query and gathers everything that is wrong with them. Values may be used only after
 * {@link #done()} has returned.
 */
public final class QueryParameters {
    private final UriQuery query;
    private final Set<String> taken = new HashSet<>();
    private final List<FieldError> errors = new ArrayList<>();

    public QueryParameters(UriQuery query) {
        this.query = query;
    }

    /**
     * A parameter that must be given, once.
     *
     * @param parser makes the value; refuses a text by {@link InvalidValueException}
     * @return the value, or null if it is wrong, which {@link #done()} will say
     */
    public <T> T required(String name, Function<String, T> parser) {
        if (!query.contains(name)) {
            taken.add(name);
            errors.add(new FieldError(null, name, "This parameter is required.", FieldError.Kind.MISSING));
        }
        return optional(name, parser).orElse(null);
    }

    /**
     * A parameter that may be left out and is given at most once.
     *
     * @param parser makes the value; refuses a text by {@link InvalidValueException}
     */
    public <T> Optional<T> optional(String name, Function<String, T> parser) {
        taken.add(name);
        List<String> values = query.all(name, List::of);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1) {
            errors.add(FieldError.parameter(name, "This parameter must be given once."));
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(values.getFirst()));
        } catch (InvalidValueException e) {
            errors.add(FieldError.parameter(name, e.getMessage()));
            return Optional.empty();
        }
    }

    /**
     * A parameter that may be given several times; what is repeated is taken once.
     *
     * @param most values
     * @param parser makes each value; refuses a text by {@link InvalidValueException}
     * @return in the order in which they were given
     */
    public <T> Set<T> repeated(String name, int most, Function<String, T> parser) {
        taken.add(name);
        Set<T> values = new LinkedHashSet<>();
        for (String text : query.all(name, List::of)) {
            try {
                values.add(parser.apply(text));
            } catch (InvalidValueException e) {
                errors.add(FieldError.parameter(name, e.getMessage()));
                return Set.of();
            }
        }
        if (values.size() > most) {
            errors.add(FieldError.parameter(name, "This parameter may be given %d times.".formatted(most)));
        }
        return values;
    }

    /**
     * Says whether all was well. A parameter that nobody asked for is an error too: a misspelt filter must not answer with
     * everything.
     *
     * @throws ProblemException 400 naming every parameter that was wrong
     */
    public void done() {
        query.names().stream()
                .filter(name -> !taken.contains(name))
                .forEach(name -> errors.add(FieldError.parameter(name, "There is no such parameter.")));
        doneIgnoringUnknown();
    }

    /**
     * Says whether the parameters that were asked for were well; the others do not matter.
     *
     * @throws ProblemException 400 naming every parameter that was wrong
     */
    public void doneIgnoringUnknown() {
        if (!errors.isEmpty()) {
            throw ProblemException.invalidFields(errors);
        }
    }
}
