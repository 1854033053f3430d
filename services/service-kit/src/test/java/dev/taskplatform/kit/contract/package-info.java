/**
 * Holds a service to its OpenAPI document, both ways: every response in a test fits the document, and every operation
 * and status in the document was seen in a test.
 */
package dev.taskplatform.kit.contract;
