/** Accounts: who is known, under which name. */
package dev.taskplatform.user.account;
