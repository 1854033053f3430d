{{/*
The user service's settings for tokens of ServiceAccounts (RFC 7523): whose it trusts, and how it gets the keys they are checked
with. Nothing when they are not taken.
*/}}
{{- define "taskplatform.kubernetesTrust" -}}
{{- $kubernetes := .Values.serviceAuthentication.kubernetes -}}
{{- if $kubernetes.enabled -}}
{{- $trusted := list (dict
  "subject" (include "taskplatform.subject" (list .Release.Namespace (printf "%s-task-service" .Release.Name)))
  "client-id" "task-service"
  "scope" "events users:read"
) -}}
{{- range $client := $kubernetes.clients -}}
{{- $trusted = append $trusted (dict
  "subject" (include "taskplatform.subject" (list ($client.namespace | default $.Release.Namespace) $client.serviceAccountName))
  "client-id" $client.clientId
  "scope" (join " " $client.scopes)
) -}}
{{- end -}}
{{- $settings := dict
  "audience" (include "taskplatform.issuer" .)
  "jwks-uri" "https://kubernetes.default.svc/openid/v1/jwks"
  "ca-file" "/var/run/secrets/taskplatform/kubernetes/ca.crt"
  "token-file" "/var/run/secrets/taskplatform/kubernetes/token"
  "service-accounts" $trusted
-}}
{{- with $kubernetes.issuer -}}
{{- $_ := set $settings "issuer" . -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}
{{- end }}

{{/* The `sub` of a ServiceAccount's tokens: a list of namespace and name. */}}
{{- define "taskplatform.subject" -}}
system:serviceaccount:{{ join ":" . }}
{{- end }}

{{/* Source of a projected volume: a token of the pod's ServiceAccount in the file `token`, which the kubelet renews. Takes the audience; none means the API server. */}}
{{- define "taskplatform.tokenSource" -}}
serviceAccountToken:
  path: token
  expirationSeconds: 3600
  {{- with . }}
  audience: {{ . | quote }}
  {{- end }}
{{- end }}
