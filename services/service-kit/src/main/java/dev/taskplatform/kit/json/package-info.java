/** Strict reading of JSON requests, and how values look in JSON responses. */
package dev.taskplatform.kit.json;
