/** The life of a service: configuration, the two listeners, routes, drain and stop. */
package dev.taskplatform.kit.server;
