// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.cache;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;

/**
 * Asks the API server for nothing but the metadata of Secrets that are listed or watched by their type: those of the user's, whose
 * values must not get into the operator's memory only because they are in the same namespace.
 */
public final class MetadataOnly implements Interceptor {

    private static final String ACCEPT = "application/json;as=%s;g=meta.k8s.io;v=v1";

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        String path = request.uri().getPath();
        String query = request.uri().getQuery();
        if (path.endsWith("/secrets") && query != null && query.contains("fieldSelector=type!=")) {
            boolean watch = query.contains("watch=true");
            builder.setHeader(
                    "Accept", ACCEPT.formatted(watch ? "PartialObjectMetadata" : "PartialObjectMetadataList"));
        }
    }
}
