{{/*
Sets a setting at a dotted path: {into, path, value}. The names in a value become kebab-case, as the services have them, and its
numbers whole ones, since YAML knows others. Renders nothing.
*/}}
{{- define "taskplatform.set" -}}
{{- if kindIs "map" .value -}}
{{- range $name, $value := .value -}}
{{- include "taskplatform.set" (dict "into" $.into "path" (printf "%s.%s" $.path (kebabcase $name)) "value" $value) -}}
{{- end -}}
{{- else -}}
{{- $names := splitList "." .path -}}
{{- $at := .into -}}
{{- range initial $names -}}
{{- if not (hasKey $at .) -}}
{{- $_ := set $at . dict -}}
{{- end -}}
{{- $at = index $at . -}}
{{- end -}}
{{- $_ := set $at (last $names) (kindIs "float64" .value | ternary (int64 .value) .value) -}}
{{- end -}}
{{- end }}

{{/* Seconds of an ISO 8601 duration of the form that values.schema.json admits. */}}
{{- define "taskplatform.seconds" -}}
{{- $duration := . -}}
{{- $seconds := 0 -}}
{{- range $unit, $length := dict "D" 86400 "H" 3600 "M" 60 "S" 1 -}}
{{- $seconds = regexFind (printf "[0-9]+%s" $unit) $duration | trimSuffix $unit | atoi | mul $length | add $seconds -}}
{{- end -}}
{{ $seconds }}
{{- end }}

{{/* Whole MiB of a Kubernetes quantity of bytes; nothing when it is none. */}}
{{- define "taskplatform.mebibytes" -}}
{{- $text := toString . -}}
{{- $number := regexFind "^[0-9]+(\\.[0-9]*)?([eE][+-]?[0-9]+)?" $text -}}
{{- $mebibyte := 1048576.0 -}}
{{- $units := dict
  "" 1.0 "k" 1e3 "M" 1e6 "G" 1e9 "T" 1e12 "P" 1e15
  "Ki" 1024.0 "Mi" $mebibyte "Gi" (mulf $mebibyte 1024) "Ti" (mulf $mebibyte $mebibyte) "Pi" (mulf $mebibyte $mebibyte 1024)
-}}
{{- $unit := trimPrefix $number $text -}}
{{- if and $number (hasKey $units $unit) -}}
{{ divf (mulf (float64 $number) (index $units $unit)) $mebibyte | floor | int64 }}
{{- end -}}
{{- end }}

{{/* The container's memory limit in MiB; nothing when there is none. */}}
{{- define "taskplatform.memoryLimitMib" -}}
{{- with dig "limits" "memory" "" (.resources | default dict) -}}
{{ include "taskplatform.mebibytes" . }}
{{- end -}}
{{- end }}

{{/*
What hashing passwords may take at a time, in MiB. A hash lives in the heap, which is half of the memory limit: by default half of
that, so that as much is left for everything else, and no more than the service takes. Nothing (the service's default) when there is
neither a value nor a limit.
*/}}
{{- define "taskplatform.hashingMemoryMib" -}}
{{- $limit := include "taskplatform.memoryLimitMib" .Values.userService -}}
{{- with .Values.userService.config.hashingMemoryMib -}}
{{ int64 . }}
{{- else -}}
{{- with $limit -}}
{{ div (int64 .) 4 | min 65536 }}
{{- end -}}
{{- end -}}
{{- end }}
