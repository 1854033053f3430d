// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

/** Regular expressions (RE2), and rules made of them, that more than one field has. */
final class Patterns {

    /** Name of most kinds of objects: a DNS subdomain (RFC 1123). */
    static final String OBJECT_NAME = "^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$";

    /** Key in a Secret or ConfigMap. */
    static final String DATA_KEY = "^[-._a-zA-Z0-9]+$";

    /** Host name, which may start with a wildcard label. */
    static final String HOST = "^(\\*\\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$";

    private static final String TIME =
            "([1-9][0-9]{0,3}H([0-9]{1,4}M)?([0-9]{1,4}S)?|[1-9][0-9]{0,3}M([0-9]{1,4}S)?|[1-9][0-9]{0,3}S)";

    private static final String DURATION = "P([1-9][0-9]{0,3}D(T" + TIME + ")?|T" + TIME + ")";

    /** Rule of a field that has a duration: the schema's own message would show the expression and no example. */
    static final String IS_DURATION = "self.matches('^" + DURATION + "$')";

    /** The same, or PT0S. */
    static final String IS_DURATION_OR_ZERO = "self.matches('^(PT0S|" + DURATION + ")$')";

    static final String DURATION_MESSAGE =
            "must be a duration as ISO 8601 writes it, such as PT15M, PT1H30M or P14D, and more than nothing";
    static final String DURATION_OR_ZERO_MESSAGE =
            "must be a duration as ISO 8601 writes it, such as PT0S, PT10S or PT1M";

    /** Network of IPv4 or IPv6 addresses. */
    static final String CIDR = "^([0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/[0-9]{1,3})$";

    private Patterns() {}
}
