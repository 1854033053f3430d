{{- define "taskplatform.service.persistentVolumeClaim" -}}
{{- $storage := .root.Values.database.embedded.storage -}}
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: {{ include "taskplatform.service.name" . }}-data
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "taskplatform.service.labels" . | nindent 4 }}
  {{- with include "taskplatform.retention" .root }}
  annotations:
    {{- . | nindent 4 }}
  {{- end }}
spec:
  accessModes: [ReadWriteOnce]
  {{- with $storage.storageClassName }}
  storageClassName: {{ . }}
  {{- end }}
  resources:
    requests:
      storage: {{ $storage.size }}
{{- end }}
