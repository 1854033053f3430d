/** The programs that may ask for tokens: registration, secrets, and how they prove who they are. */
package dev.taskplatform.user.oauth.client;
