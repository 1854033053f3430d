// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.kit.problem;

/**
 * What is wrong with one field of the body or one parameter of the request.
 *
 * @param pointer JSON Pointer (RFC 6901) into the body; null for a parameter
 * @param parameter name of a query, path or header parameter; null for a field of the body
 * @param detail a sentence for people: what is wrong and what is expected
 * @param kind for formats that have their own codes; not part of a problem document
 */
public record FieldError(String pointer, String parameter, String detail, Kind kind) {

    /** What went wrong, in general. */
    public enum Kind {
        /** A required field is not there. */
        MISSING,
        /** A field that nobody knows is there. */
        UNKNOWN,
        /** The value's JSON type is another one. */
        TYPE,
        /** The value has the right type and is not allowed. */
        VALUE
    }

    /** A required member of the body's object is not there. */
    public static FieldError missing(String name) {
        return new FieldError(pointer(name), null, "This field is required.", Kind.MISSING);
    }

    /** The body's object has a member that is not part of the contract. */
    public static FieldError unknown(String name) {
        return new FieldError(pointer(name), null, "There is no such field.", Kind.UNKNOWN);
    }

    /**
     * A member has another JSON type.
     *
     * @param name the member
     * @param expected the type with its article, as in "a string"
     */
    public static FieldError type(String name, String expected) {
        return new FieldError(pointer(name), null, "This field must be " + expected + ".", Kind.TYPE);
    }

    /** A member of the body's object has a value that is not allowed. */
    public static FieldError value(String name, String detail) {
        return new FieldError(pointer(name), null, detail, Kind.VALUE);
    }

    /** A parameter of the request has a value that is not allowed. */
    public static FieldError parameter(String name, String detail) {
        return new FieldError(null, name, detail, Kind.VALUE);
    }

    private static String pointer(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
