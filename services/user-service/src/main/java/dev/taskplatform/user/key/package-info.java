/** The keys that sign tokens: made, published, rotated and removed by any replica, kept encrypted in the database. */
package dev.taskplatform.user.key;
