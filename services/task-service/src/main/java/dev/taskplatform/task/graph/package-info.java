/** What tasks have to do with each other: parts, what waits for what, and the order in a list. */
package dev.taskplatform.task.graph;
