{{- define "taskplatform.service.serviceAccount" -}}
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {{ include "taskplatform.service.name" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "taskplatform.service.labels" . | nindent 4 }}
automountServiceAccountToken: false
{{- end }}
