/** The simple API that clients of older task services call. */
package dev.taskplatform.task.compatibility;
