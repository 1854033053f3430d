{{- define "taskplatform-operator.selector" -}}
app.kubernetes.io/name: taskplatform-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "taskplatform-operator.podLabels" -}}
{{ include "taskplatform-operator.selector" . }}
app.kubernetes.io/component: operator
app.kubernetes.io/part-of: taskplatform
{{- end }}

{{- define "taskplatform-operator.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{ include "taskplatform-operator.podLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "taskplatform-operator.registry" -}}
{{ with .Values.image.registry }}{{ . | trimSuffix "/" }}/{{ end }}
{{- end }}

{{- define "taskplatform-operator.image" -}}
{{ include "taskplatform-operator.registry" . }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{/* What the operator may do where it serves TaskPlatforms: exactly what the chart taskplatform renders, and no more. */}}
{{- define "taskplatform-operator.rules" -}}
# The resources it serves. It never changes their spec.
- apiGroups: [taskplatform.dev]
  resources: [taskplatforms]
  verbs: [get, list, watch]
- apiGroups: [taskplatform.dev]
  resources: [taskplatforms/status]
  verbs: [patch]
# Backups: made when they are due, and removed when there are enough.
- apiGroups: [taskplatform.dev]
  resources: [taskplatformbackups]
  verbs: [get, list, watch, create, delete]
- apiGroups: [taskplatform.dev]
  resources: [taskplatformbackups/status]
  verbs: [patch]
# The Jobs that back up, restore and copy.
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, create, delete]
# Where the API server checks it, an owner reference that blocks the owner's deletion needs this.
- apiGroups: [taskplatform.dev]
  resources: [taskplatforms/finalizers, taskplatformbackups/finalizers]
  verbs: [update]
# What it renders: applied by PATCH (create for the first time), watched to repair drift, deleted when it left the render.
- apiGroups: [""]
  resources: [configmaps, serviceaccounts, services]
  verbs: [get, list, watch, create, patch, delete]
# What holds data: the same, but it can't delete it. With deletionPolicy Delete the garbage collector does. Of Secrets it lists and
# watches NAME-keys, by label, and of the others only the metadata, to see when the one with the connection to PostgreSQL changes,
# which it gets; RBAC knows neither labels nor metadata, so it may more.
- apiGroups: [""]
  resources: [persistentvolumeclaims, secrets]
  verbs: [get, list, watch, create, patch]
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [ingresses, networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [gateway.networking.k8s.io]
  resources: [httproutes]
  verbs: [get, list, watch, create, patch, delete]
# What ran healthily last, to go back to, and what failed.
- apiGroups: [apps]
  resources: [controllerrevisions]
  verbs: [get, list, watch, create, patch, delete]
# What a person would want to know, shown by `kubectl describe`.
- apiGroups: [""]
  resources: [events]
  verbs: [create, patch]
# Why a pod does not start.
- apiGroups: [""]
  resources: [pods]
  verbs: [list, watch]
{{- end }}
