/** What was done to accounts and by whom, kept for administrators. */
package dev.taskplatform.user.audit;
