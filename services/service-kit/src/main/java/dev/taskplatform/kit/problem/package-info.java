/** Errors as an HTTP client meets them: RFC 9457 problem documents and how every failure becomes one. */
package dev.taskplatform.kit.problem;
