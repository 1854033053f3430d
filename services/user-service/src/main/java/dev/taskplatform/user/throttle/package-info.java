/** Keeps people from guessing passwords: counts failed attempts by name and by address, over all replicas. */
package dev.taskplatform.user.throttle;
