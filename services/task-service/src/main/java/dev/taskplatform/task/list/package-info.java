/** Lists of tasks, and who may do what with them. */
package dev.taskplatform.task.list;
