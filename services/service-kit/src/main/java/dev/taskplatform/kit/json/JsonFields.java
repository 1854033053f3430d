// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.taskplatform.kit.problem.FieldError;
import dev.taskplatform.kit.problem.InvalidValueException;
import dev.taskplatform.kit.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Takes the fields out of a JSON object and gathers everything that is wrong with them, so that a client learns all of
 * it at once. Values may be used only after {@link #done()} has returned:
 *
 * <pre>{@code
 * JsonFields body = json.fields(request);
 * Username username = body.required("username", Username::of);
 * Optional<String> note = body.optional("note", Function.identity());
 * body.done();
 * }</pre>
 */
public final class JsonFields {
    private final ObjectNode object;
    private final Set<String> taken = new HashSet<>();
    private final List<FieldError> errors = new ArrayList<>();

    /** @param object the parsed body */
    public JsonFields(ObjectNode object) {
        this.object = object;
    }

    /**
     * A string that must be there.
     *
     * @param parser makes the value; refuses a text by {@link InvalidValueException}
     * @return the value, or null if it is wrong, which {@link #done()} will say
     */
    public <T> T required(String name, Function<String, T> parser) {
        if (!object.has(name)) {
            taken.add(name);
            errors.add(FieldError.missing(name));
            return null;
        }
        return string(name, parser);
    }

    /** A string that may be left out (and may not be null). */
    public <T> Optional<T> optional(String name, Function<String, T> parser) {
        taken.add(name);
        return object.has(name) ? Optional.ofNullable(string(name, parser)) : Optional.empty();
    }

    /** A boolean that may be left out (and may not be null). */
    public Optional<Boolean> optionalBoolean(String name) {
        taken.add(name);
        JsonNode value = object.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            errors.add(FieldError.type(name, "true or false"));
            return Optional.empty();
        }
        return Optional.of(value.booleanValue());
    }

    /**
     * An array of strings that must be there.
     *
     * @param parser makes a value of each; refuses a text by {@link InvalidValueException}
     * @return the values, or those that are well, which {@link #done()} will say
     */
    public <T> List<T> requiredList(String name, Function<String, T> parser) {
        if (!object.has(name)) {
            errors.add(FieldError.missing(name));
        }
        return optionalList(name, parser).orElse(List.of());
    }

    /** An array of strings that may be left out (and may not be null); see {@link #requiredList}. */
    public <T> Optional<List<T>> optionalList(String name, Function<String, T> parser) {
        taken.add(name);
        JsonNode value = object.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isArray()) {
            errors.add(FieldError.type(name, "an array of strings"));
            return Optional.empty();
        }
        List<T> items = new ArrayList<>();
        for (JsonNode item : value) {
            T parsed = string(name, item, parser);
            if (parsed != null) {
                items.add(parsed);
            }
        }
        return Optional.of(items);
    }

    /** As {@link #optionalList(String, Function)}, with at most so many values; a repeated one is taken once. */
    public <T> Optional<List<T>> optionalSet(String name, int most, Function<String, T> parser) {
        Optional<List<T>> values =
                optionalList(name, parser).map(list -> list.stream().distinct().toList());
        if (values.isPresent() && values.get().size() > most) {
            errors.add(FieldError.value(name, "This field has at most %d values.".formatted(most)));
        }
        return values;
    }

    /** An object that may be left out (and may not be null). */
    public Optional<ObjectNode> optionalObject(String name) {
        taken.add(name);
        JsonNode value = object.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof ObjectNode members) {
            return Optional.of(members);
        }
        errors.add(FieldError.type(name, "an object"));
        return Optional.empty();
    }

    /** An array of objects that must be there, with one to so many. */
    public List<ObjectNode> requiredObjects(String name, int most) {
        taken.add(name);
        JsonNode value = object.get(name);
        List<ObjectNode> items = new ArrayList<>();
        if (value == null) {
            errors.add(FieldError.missing(name));
            return items;
        }
        for (JsonNode item : value) {
            if (item instanceof ObjectNode members) {
                items.add(members);
            }
        }
        if (!value.isArray() || items.size() != value.size()) {
            errors.add(FieldError.type(name, "an array of objects"));
        } else if (items.isEmpty() || items.size() > most) {
            errors.add(FieldError.value(name, "This field must have 1 to %d objects.".formatted(most)));
        }
        return items;
    }

    /** Takes the field if it is null; false if it is not there or has a value. */
    public boolean takeNull(String name) {
        JsonNode value = object.get(name);
        if (value == null || !value.isNull()) {
            return false;
        }
        taken.add(name);
        return true;
    }

    /**
     * Says whether all was well.
     *
     * @throws ProblemException 400 invalid-fields naming every field that was wrong, unknown ones too
     */
    public void done() {
        object.fieldNames().forEachRemaining(name -> {
            if (!taken.contains(name)) {
                errors.add(FieldError.unknown(name));
            }
        });
        doneIgnoringUnknown();
    }

    /**
     * Says whether the fields that were asked for were well; the others do not matter.
     *
     * @throws ProblemException 400 invalid-fields naming every field that was wrong
     */
    public void doneIgnoringUnknown() {
        if (!errors.isEmpty()) {
            throw ProblemException.invalidFields(errors);
        }
    }

    private <T> T string(String name, Function<String, T> parser) {
        taken.add(name);
        return string(name, object.get(name), parser);
    }

    private <T> T string(String name, JsonNode value, Function<String, T> parser) {
        if (!value.isTextual()) {
            errors.add(FieldError.type(name, "a string"));
            return null;
        }
        String text = value.textValue();
        if (!isStorable(text)) {
            errors.add(FieldError.value(name, "This field must not contain U+0000 or half a surrogate pair."));
            return null;
        }
        try {
            return parser.apply(text);
        } catch (InvalidValueException e) {
            errors.add(FieldError.value(name, e.getMessage()));
            return null;
        }
    }

    /** PostgreSQL has no U+0000, and half a surrogate pair has no UTF-8. */
    private static boolean isStorable(String text) {
        return text.indexOf('\0') < 0
                && text.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
