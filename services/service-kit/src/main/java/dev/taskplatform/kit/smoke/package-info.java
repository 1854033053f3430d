/** A client that proves a running installation. */
package dev.taskplatform.kit.smoke;
