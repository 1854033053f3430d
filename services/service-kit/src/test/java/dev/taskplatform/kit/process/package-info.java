/** Services as processes: how they start, end, and what they keep when they are killed. */
package dev.taskplatform.kit.process;
