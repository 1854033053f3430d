{{/* All objects of one service. */}}
{{- define "taskplatform.workload" -}}
{{- $values := index .root.Values .key -}}
{{- include "taskplatform.service.addCommonSettings" . -}}
{{ include "taskplatform.service.serviceAccount" . }}
---
{{ include "taskplatform.service.configMap" . }}
---
{{ include "taskplatform.service.service" . }}
---
{{ include "taskplatform.service.deployment" . }}
{{- if include "taskplatform.embedded" .root }}
---
{{ include "taskplatform.service.persistentVolumeClaim" . }}
{{- end }}
{{- if .root.Values.networkPolicy.enabled }}
---
{{ include "taskplatform.service.networkPolicy" . }}
{{- end }}
{{- if gt (include "taskplatform.service.minReplicas" . | int) 1 }}
---
{{ include "taskplatform.service.podDisruptionBudget" . }}
{{- end }}
{{- if $values.autoscaling }}
---
{{ include "taskplatform.service.horizontalPodAutoscaler" . }}
{{- end }}
{{- if .root.Values.dataJob.command }}
---
{{ include "taskplatform.service.dataJob" . }}
{{- end }}
{{- end }}
