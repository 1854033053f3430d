/** Calls to other services that stay bounded in time and number when the other side fails. */
package dev.taskplatform.kit.outbound;
