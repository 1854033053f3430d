/** Conventions of HTTP APIs: entity tags and preconditions (RFC 9110), query parameters, cursor pages (RFC 8288). */
package dev.taskplatform.kit.http;
