{{- define "taskplatform.service.podDisruptionBudget" -}}
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ include "taskplatform.service.name" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "taskplatform.service.labels" . | nindent 4 }}
spec:
  maxUnavailable: 1
  {{- /* A pod that does not work must not keep a node from being drained. */}}
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector:
    matchLabels:
      {{- include "taskplatform.service.selector" . | nindent 6 }}
{{- end }}

{{- define "taskplatform.service.horizontalPodAutoscaler" -}}
{{- $autoscaling := (index .root.Values .key).autoscaling -}}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "taskplatform.service.name" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "taskplatform.service.labels" . | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "taskplatform.service.name" . }}
  minReplicas: {{ include "taskplatform.service.minReplicas" . }}
  maxReplicas: {{ include "taskplatform.service.maxReplicas" . }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target:
          type: Utilization
          averageUtilization: {{ $autoscaling.targetCPUUtilizationPercentage | default 80 | int }}
  {{- /* Up at once, down slowly: a JVM that just started uses much processor time, which is no lasting load. */}}
  behavior:
    scaleUp:
      stabilizationWindowSeconds: 30
      selectPolicy: Max
      policies:
        - type: Percent
          value: 100
          periodSeconds: 30
        - type: Pods
          value: 2
          periodSeconds: 30
    scaleDown:
      stabilizationWindowSeconds: 300
      selectPolicy: Max
      policies:
        - type: Pods
          value: 1
          periodSeconds: 60
{{- end }}
