{{/* Selecting a pod for both directions denies it everything that is not listed. */}}
{{- define "taskplatform.service.networkPolicy" -}}
{{- $policy := .root.Values.networkPolicy -}}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: {{ include "taskplatform.service.name" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "taskplatform.service.labels" . | nindent 4 }}
spec:
  podSelector:
    matchLabels:
      {{- include "taskplatform.service.selector" . | nindent 6 }}
  policyTypes: [Ingress, Egress]
  ingress:
    - ports:
        - port: 8080
          protocol: TCP
      {{- with $policy.ingressFrom }}
      from:
        {{- toYaml . | nindent 8 }}
        {{- /* The other service and the test of the release are clients too. */}}
        {{- range $name := list "task-service" "smoke-test" }}
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: {{ $name }}
              app.kubernetes.io/instance: {{ $.root.Release.Name }}
        {{- end }}
      {{- end }}
    - ports:
        - port: 9090
          protocol: TCP
      {{- with $policy.observeFrom }}
      from:
        {{- toYaml . | nindent 8 }}
      {{- end }}
  egress:
    {{- include "taskplatform.dnsEgress" . | nindent 4 }}
    {{- if eq .name "task-service" }}
    - to:
        - podSelector:
            matchLabels:
              app.kubernetes.io/name: user-service
              app.kubernetes.io/instance: {{ .root.Release.Name }}
      ports:
        - port: 8080
          protocol: TCP
    {{- /* Webhooks, to the public internet alone; the service itself refuses other addresses, too. */}}
    - to:
        - ipBlock:
            cidr: 0.0.0.0/0
            except: [10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16]
        - ipBlock:
            cidr: 2000::/3
      ports:
        - port: 443
          protocol: TCP
    {{- end }}
    {{- if and (eq .name "user-service") .root.Values.serviceAuthentication.kubernetes.enabled }}
    - ports:
        {{- range $port := $policy.kubernetesApiPorts }}
        - port: {{ $port | int }}
          protocol: TCP
        {{- end }}
      {{- with $policy.kubernetesApiTo }}
      to:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    {{- end }}
    {{- if not (include "taskplatform.embedded" .root) }}
    {{- include "taskplatform.postgresEgress" .root | nindent 4 }}
    {{- end }}
{{- end }}

{{- define "taskplatform.postgresEgress" -}}
- ports:
    - port: {{ .Values.networkPolicy.postgresPort | int }}
      protocol: TCP
  {{- with .Values.networkPolicy.postgresTo }}
  to:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{/* To any address: DNS is answered by pods, by a cache on the node (link-local) or by the node. 5353 is the pods' port on OpenShift. */}}
{{- define "taskplatform.dnsEgress" -}}
- ports:
    {{- range $port := list 53 5353 }}
    {{- range $protocol := list "UDP" "TCP" }}
    - port: {{ $port }}
      protocol: {{ $protocol }}
    {{- end }}
    {{- end }}
{{- end }}
