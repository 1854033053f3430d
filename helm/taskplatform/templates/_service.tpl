{{- define "taskplatform.service.service" -}}
{{- $service := (index .root.Values .key).service -}}
apiVersion: v1
kind: Service
metadata:
  name: {{ include "taskplatform.service.name" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "taskplatform.service.labels" . | nindent 4 }}
spec:
  type: {{ $service.type }}
  selector:
    {{- include "taskplatform.service.selector" . | nindent 4 }}
  ports:
    - name: http
      port: 80
      targetPort: http
      protocol: TCP
      {{- with $service.nodePort }}
      nodePort: {{ . | int }}
      {{- end }}
    {{- /* A load balancer publishes every port of its Service, to the Internet as a rule. */}}
    {{- if ne $service.type "LoadBalancer" }}
    - name: observe
      port: 9090
      targetPort: observe
      protocol: TCP
    {{- end }}
{{- end }}
