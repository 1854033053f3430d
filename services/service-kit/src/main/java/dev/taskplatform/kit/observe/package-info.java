/** What an operator of the service sees: request ids, JSON logs, an access log and request metrics. */
package dev.taskplatform.kit.observe;
