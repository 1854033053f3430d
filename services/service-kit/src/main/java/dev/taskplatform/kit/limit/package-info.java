/** Limits of how much a client may ask, and how it learns of them. */
package dev.taskplatform.kit.limit;
