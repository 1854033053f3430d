{{/*
The templates that begin with "taskplatform.service." or name an object take a service, a dict made in user-service.yaml and task-service.yaml:
  root       the chart's top context
  name       user-service | task-service
  key        the service's name in the values: userService | taskService
  component  app.kubernetes.io/component
  start      settings that it reads when it starts: a change of them restarts its pods
  live       settings that it reads again when its file changes: a change of them restarts nothing
  volumes    what only this service mounts: a list of {name, path, source}
*/}}

{{/* RELEASE-SERVICE, the name of all objects of a service. */}}
{{- define "taskplatform.service.name" -}}
{{ .root.Release.Name }}-{{ .name }}
{{- end }}

{{- define "taskplatform.chart" -}}
{{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* What never changes in the life of a release: Deployments and Services select by it. */}}
{{- define "taskplatform.service.selector" -}}
app.kubernetes.io/name: {{ .name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{/* Labels of pods. Without the chart's version: a new chart that changes nothing for a pod must not restart it. */}}
{{- define "taskplatform.service.podLabels" -}}
{{ include "taskplatform.service.selector" . }}
app.kubernetes.io/component: {{ .component }}
app.kubernetes.io/part-of: taskplatform
app.kubernetes.io/version: {{ include "taskplatform.service.version" . | quote }}
{{- end }}

{{- define "taskplatform.service.labels" -}}
helm.sh/chart: {{ include "taskplatform.chart" .root }}
{{ include "taskplatform.service.podLabels" . }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{/* Labels of objects that belong to both services. */}}
{{- define "taskplatform.labels" -}}
helm.sh/chart: {{ include "taskplatform.chart" . }}
app.kubernetes.io/name: taskplatform
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/part-of: taskplatform
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "taskplatform.service.tag" -}}
{{ (index .root.Values .key).image.tag | default .root.Values.image.tag | default .root.Chart.AppVersion }}
{{- end }}

{{/* The tag as a label: no digest, 63 characters at most, a letter or digit at the end. */}}
{{- define "taskplatform.service.version" -}}
{{ regexReplaceAll "[^A-Za-z0-9]+$" (include "taskplatform.service.tag" . | splitList "@" | first | trunc 63) "" }}
{{- end }}

{{- define "taskplatform.service.image" -}}
{{ with .root.Values.image.registry }}{{ . | trimSuffix "/" }}/{{ end }}{{ (index .root.Values .key).image.repository }}:{{ include "taskplatform.service.tag" . }}
{{- end }}

{{/* "true" or nothing. */}}
{{- define "taskplatform.embedded" -}}
{{ if not .Values.database.postgres.secretName }}true{{ end }}
{{- end }}

{{/* Pods of a service when no autoscaler owns the number. */}}
{{- define "taskplatform.service.replicas" -}}
{{- $own := (index .root.Values .key).replicas -}}
{{ kindIs "invalid" $own | ternary .root.Values.replicas $own | int }}
{{- end }}

{{/* The fewest and the most pods a service can have. */}}
{{- define "taskplatform.service.minReplicas" -}}
{{- $autoscaling := (index .root.Values .key).autoscaling -}}
{{ if $autoscaling }}{{ $autoscaling.minReplicas | default 1 | int }}{{ else }}{{ include "taskplatform.service.replicas" . }}{{ end }}
{{- end }}
{{- define "taskplatform.service.maxReplicas" -}}
{{- $autoscaling := (index .root.Values .key).autoscaling -}}
{{ if $autoscaling }}{{ $autoscaling.maxReplicas | int }}{{ else }}{{ include "taskplatform.service.replicas" . }}{{ end }}
{{- end }}

{{- define "taskplatform.userServiceUrl" -}}
http://{{ .Release.Name }}-user-service.{{ .Release.Namespace }}.svc
{{- end }}

{{- define "taskplatform.taskServiceUrl" -}}
http://{{ .Release.Name }}-task-service.{{ .Release.Namespace }}.svc
{{- end }}

{{/* The `iss` of tokens, and what a token for the user service names as its audience. */}}
{{- define "taskplatform.issuer" -}}
{{ .Values.issuer | default (include "taskplatform.userServiceUrl" .) }}
{{- end }}

{{- define "taskplatform.keysSecret" -}}
{{ .Values.keys.secretName | default (printf "%s-keys" .Release.Name) }}
{{- end }}

{{/* Where a service reads the key that secrets in its database are encrypted by: {root, key, optional}. */}}
{{- define "taskplatform.keysVolume" -}}
name: keys
path: /etc/taskplatform/keys
source:
  secret:
    secretName: {{ include "taskplatform.keysSecret" .root }}
    defaultMode: 0440
    {{- if .optional }}
    optional: true
    {{- end }}
    items:
      - key: {{ .key }}
        path: encryption-key
{{- end }}

{{/* Who every pod of a service is, and whose images it may pull. */}}
{{- define "taskplatform.service.identity" -}}
serviceAccountName: {{ include "taskplatform.service.name" . }}
automountServiceAccountToken: false
{{- /* Otherwise a neighbour called "server" would set SERVER_PORT, which is a setting of ours. */}}
enableServiceLinks: false
{{- with .root.Values.image.pullSecrets }}
imagePullSecrets:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with (index .root.Values .key).podTemplate.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* The nodes that may run the pods of a service. */}}
{{- define "taskplatform.service.nodes" -}}
{{- $template := (index .root.Values .key).podTemplate -}}
{{- with $template.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $template.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The Secret with the connection to PostgreSQL as the source of a volume, with the names of files that the services read. */}}
{{- define "taskplatform.databaseSource" -}}
{{- $keys := .Values.database.postgres.keys -}}
secret:
  secretName: {{ .Values.database.postgres.secretName }}
  defaultMode: 0440
  items:
    {{- range $file := list "host" "port" "dbname" "username" "password" }}
    - key: {{ index $keys $file }}
      path: {{ $file }}
    {{- end }}
{{- end }}

{{/* Annotation of the objects that hold data, when they outlive the release. */}}
{{- define "taskplatform.retention" -}}
{{- if eq .Values.deletionPolicy "Retain" -}}
helm.sh/resource-policy: keep
{{- end }}
{{- end }}

{{/* Paths of the public API by service, for Ingress and HTTPRoute: a YAML list of {path, name}. */}}
{{- define "taskplatform.routes" -}}
- {path: /v1/users, name: user-service}
- {path: /v1/sessions, name: user-service}
- {path: /v1/deletions, name: user-service}
{{- if .Values.admin.publicApi }}
- {path: /v1/admin, name: user-service}
{{- end }}
- {path: /oauth2, name: user-service}
- {path: /.well-known/jwks.json, name: user-service}
- {path: /.well-known/openid-configuration, name: user-service}
- {path: /.well-known/oauth-authorization-server, name: user-service}
- {path: /v1/tasks, name: task-service}
{{- if .Values.compatibility.simpleApi }}
- {path: /register, name: user-service}
- {path: /login, name: user-service}
- {path: /tasks, name: task-service}
{{- end }}
{{- end }}

{{/* Pod and container security that the restricted Pod Security Standard asks for, and a read-only root beyond it. */}}
{{- define "taskplatform.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 65532
runAsGroup: 65532
fsGroup: 65532
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end }}
{{- define "taskplatform.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
