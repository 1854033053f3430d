/** Clients that prove who they are with the token of their Kubernetes ServiceAccount (RFC 7523), without a secret. */
package dev.taskplatform.user.oauth.kubernetes;
