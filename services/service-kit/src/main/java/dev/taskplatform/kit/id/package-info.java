/** Identifiers of resources. */
package dev.taskplatform.kit.id;
