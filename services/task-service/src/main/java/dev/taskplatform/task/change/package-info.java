/** The order in which things changed, as clients that keep copies follow it. */
package dev.taskplatform.task.change;
