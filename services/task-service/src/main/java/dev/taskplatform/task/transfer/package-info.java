/** Tasks in files: export as JSON, CSV and iCalendar, and import of the same in the background. */
package dev.taskplatform.task.transfer;
