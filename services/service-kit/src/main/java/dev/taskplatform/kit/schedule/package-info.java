/** Work that a service does by itself, now and again. */
package dev.taskplatform.kit.schedule;
