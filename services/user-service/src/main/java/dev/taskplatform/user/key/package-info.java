/** The keys that sign access tokens: made once, kept encrypted, published as a JWK Set. */
package dev.taskplatform.user.key;
