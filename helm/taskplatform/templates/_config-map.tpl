{{/* Adds the settings that both services have to the service's own. Renders nothing. */}}
{{- define "taskplatform.service.addCommonSettings" -}}
{{- $embedded := include "taskplatform.embedded" .root -}}
{{- /* Embedded, no other pod takes over: to wait would only make the gap between the old pod and the new one longer. */ -}}
{{- $drain := eq $embedded "true" | ternary "PT0S" "PT5S" -}}
{{- $start := dict
  "server" (dict "host" "0.0.0.0" "port" 8080 "observe" (dict "port" 9090) "drain" $drain "shutdown-grace" "PT15S")
  "issuer" (include "taskplatform.issuer" .root)
  "compatibility" (dict "simple-api" .root.Values.compatibility.simpleApi)
-}}
{{- if $embedded -}}
{{- $path := printf "/var/lib/taskplatform/%s.db" .name -}}
{{- $_ := set $start "database" (dict "kind" "embedded" "embedded" (dict "path" $path)) -}}
{{- else -}}
{{- $schema := .name | replace "-" "_" -}}
{{- $_ := set $start "database" (dict "kind" "postgres" "postgres" (dict "secret-dir" "/etc/taskplatform/database" "schema" $schema)) -}}
{{- end -}}
{{- $_ := mergeOverwrite .start $start -}}
{{- with (index .root.Values .key).config.logLevel -}}
{{- $_ := set $.live "log" (dict "level" .) -}}
{{- end -}}
{{- end }}

{{/* The service's application.yaml. Built as a value and printed by toYaml, so that no string can add a key. */}}
{{- define "taskplatform.service.configMap" -}}
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ include "taskplatform.service.name" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "taskplatform.service.labels" . | nindent 4 }}
data:
  application.yaml: |
    {{- mergeOverwrite (deepCopy .start) .live | toYaml | nindent 4 }}
{{- end }}
