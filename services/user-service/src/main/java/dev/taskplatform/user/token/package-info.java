/** Access tokens as they are issued (RFC 9068). */
package dev.taskplatform.user.token;
