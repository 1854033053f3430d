// SPDX-License-Identifier: Apache-2.0
package dev.taskplatform.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.processing.GroupVersionKind;
import java.util.List;
import java.util.Set;

/** The kinds of objects that the operator keeps as they are. A test compares them with what the chart can render. */
public final class Kinds {

    /** Kind of the workloads. */
    public static final GroupVersionKind DEPLOYMENT = new GroupVersionKind("apps/v1", "Deployment");

    /** Kind of the services' settings files. */
    public static final GroupVersionKind CONFIG_MAP = new GroupVersionKind("v1", "ConfigMap");

    /** Kind of what is remembered of earlier states; not of what is rendered. */
    public static final GroupVersionKind REVISION = new GroupVersionKind("apps/v1", "ControllerRevision");

    /** Kind of the volumes of the embedded databases. */
    public static final GroupVersionKind VOLUME_CLAIM = new GroupVersionKind("v1", "PersistentVolumeClaim");

    /** Kind of the encryption key. */
    public static final GroupVersionKind SECRET = new GroupVersionKind("v1", "Secret");

    /** Kind of Gateway API, which a cluster need not have. */
    public static final GroupVersionKind HTTP_ROUTE = new GroupVersionKind("gateway.networking.k8s.io/v1", "HTTPRoute");

    /** Kinds that every cluster has. */
    public static final List<GroupVersionKind> BUILT_IN = List.of(
            SECRET,
            new GroupVersionKind("v1", "ServiceAccount"),
            CONFIG_MAP,
            VOLUME_CLAIM,
            new GroupVersionKind("v1", "Service"),
            new GroupVersionKind("networking.k8s.io/v1", "NetworkPolicy"),
            new GroupVersionKind("networking.k8s.io/v1", "Ingress"),
            new GroupVersionKind("policy/v1", "PodDisruptionBudget"),
            new GroupVersionKind("autoscaling/v2", "HorizontalPodAutoscaler"),
            DEPLOYMENT);

    /** Kinds that a cluster may lack. */
    public static final List<GroupVersionKind> OPTIONAL = List.of(HTTP_ROUTE);

    /** Kinds that hold data: never pruned, and outlive the resource unless it says otherwise. */
    private static final Set<String> DATA = Set.of(VOLUME_CLAIM.getKind(), SECRET.getKind());

    private Kinds() {}

    /**
     * @param object any object
     * @return its kind
     */
    public static GroupVersionKind of(HasMetadata object) {
        return new GroupVersionKind(object.getApiVersion(), object.getKind());
    }

    /**
     * @param object any object
     * @return whether it holds data, which is never deleted because nothing asks for it any longer
     */
    public static boolean holdsData(HasMetadata object) {
        return DATA.contains(object.getKind());
    }
}
