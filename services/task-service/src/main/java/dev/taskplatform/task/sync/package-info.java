/** How clients keep copies of what they can see: the feed of changes, live updates, and many changes at once. */
package dev.taskplatform.task.sync;
