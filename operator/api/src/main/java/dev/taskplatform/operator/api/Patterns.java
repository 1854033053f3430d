// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.api;

/** Regular expressions (RE2) that more than one field has. */
final class Patterns {

    /** Name of most kinds of objects: a DNS subdomain (RFC 1123). */
    static final String OBJECT_NAME = "^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$";

    /** Key in a Secret or ConfigMap. */
    static final String DATA_KEY = "^[-._a-zA-Z0-9]+$";

    /** Host name, which may start with a wildcard label. */
    static final String HOST = "^(\\*\\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$";

    private Patterns() {}
}
