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
            "([0-9]{1,4}H([0-9]{1,4}M)?([0-9]{1,4}S)?|[0-9]{1,4}M([0-9]{1,4}S)?|[0-9]{1,4}S)";

    /** Seconds of the duration {@code d}: CEL knows Go's durations only, which have no days. */
    static final String SECONDS = "(int('0' + d.find('[0-9]+D').replace('D', '')) * 86400"
            + " + int('0' + d.find('[0-9]+H').replace('H', '')) * 3600"
            + " + int('0' + d.find('[0-9]+M').replace('M', '')) * 60"
            + " + int('0' + d.find('[0-9]+S').replace('S', '')))";

    /**
     * Rule of a field that has a duration of ISO 8601; an {@code all(s, ...)} about its seconds follows. The schema's own message
     * would show the expression and no example.
     */
    static final String DURATION =
            "self.matches('^P([0-9]{1,4}D(T" + TIME + ")?|T" + TIME + ")$') && [self].map(d, " + SECONDS + ")";

    /** Network of IPv4 or IPv6 addresses. */
    static final String CIDR = "^([0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*/[0-9]{1,3})$";

    private Patterns() {}
}
