{{/*
A Job that does dataJob.command on the data of a service, in the service's own image, with its settings. It has what the command
needs and nothing else: no keys, no tokens.
*/}}
{{- define "taskplatform.service.dataJob" -}}
{{- $values := index .root.Values .key -}}
{{- $job := .root.Values.dataJob -}}
{{- $short := trimSuffix "-service" .name -}}
{{- $store := list -}}
{{- if ne $job.command "copy" -}}
{{- $store = include "taskplatform.backup.volumes" .root.Values.backup | fromYamlArray -}}
{{- end -}}
apiVersion: batch/v1
kind: Job
metadata:
  name: {{ $job.id }}-{{ $short }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "taskplatform.dataJob.labels" . | nindent 4 }}
    app.kubernetes.io/managed-by: {{ .root.Release.Service }}
spec:
  backoffLimit: 3
  activeDeadlineSeconds: 86400
  {{- /* 2 says that another attempt would fail as well. */}}
  podFailurePolicy:
    rules:
      - action: FailJob
        onExitCodes:
          containerName: data
          operator: In
          values: [2]
  template:
    metadata:
      labels:
        {{- include "taskplatform.dataJob.labels" . | nindent 8 }}
    spec:
      restartPolicy: Never
      {{- include "taskplatform.service.identity" . | nindent 6 }}
      securityContext:
        {{- include "taskplatform.podSecurityContext" . | nindent 8 }}
      containers:
        - name: data
          image: {{ include "taskplatform.service.image" . }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          command:
            - java
            - -XX:+UseSerialGC
            - -XX:MaxRAMPercentage=50
            - -XX:+ExitOnOutOfMemoryError
            - --enable-native-access=ALL-UNNAMED
            - -cp
            - "@/app/jib-classpath-file"
            - dev.taskplatform.{{ $short }}.DataMain
            - {{ $job.command }}
          {{- /* The command's last word is the outcome; when it had none, its log. */}}
          terminationMessagePolicy: FallbackToLogsOnError
          securityContext:
            {{- include "taskplatform.containerSecurityContext" . | nindent 12 }}
          env:
            - name: DATA_WORK_DIR
              value: /work
            {{- if eq $job.command "copy" }}
            - name: COPY_SOURCE_PATH
              value: /var/lib/taskplatform/{{ .name }}.db
            {{- else }}
            - name: BACKUP_PREFIX
              value: {{ $job.backup.prefix | quote }}
            - name: BACKUP_NAME
              value: {{ $job.backup.name | quote }}
            {{- with $job.backup.keep }}
            - name: BACKUP_KEEP
              value: {{ . | quote }}
            {{- end }}
            {{- include "taskplatform.backup.environment" .root.Values.backup | nindent 12 }}
            {{- end }}
          {{- with $values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          volumeMounts:
            - name: config
              mountPath: /etc/taskplatform/config
              readOnly: true
            - name: data
              mountPath: /var/lib/taskplatform
            {{- if eq $job.command "copy" }}
            - name: database
              mountPath: /etc/taskplatform/database
              readOnly: true
            {{- end }}
            {{- range $volume := $store }}
            - {{ omit $volume "source" | toYaml | nindent 14 | trim }}
            {{- end }}
            - name: work
              mountPath: /work
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: config
          configMap:
            name: {{ include "taskplatform.service.name" . }}
        - name: data
          persistentVolumeClaim:
            claimName: {{ include "taskplatform.service.name" . }}-data
        {{- if eq $job.command "copy" }}
        - name: database
          {{- include "taskplatform.databaseSource" .root | nindent 10 }}
        {{- end }}
        {{- range $volume := $store }}
        - name: {{ $volume.name }}
          {{- toYaml $volume.source | nindent 10 }}
        {{- end }}
        {{- /* A snapshot is no larger than the volume of the database. */}}
        - name: work
          emptyDir:
            sizeLimit: {{ .root.Values.database.embedded.storage.size }}
        - name: tmp
          emptyDir:
            sizeLimit: 64Mi
      {{- include "taskplatform.service.nodes" . | nindent 6 }}
      {{- /* The volume is on one node at a time: on that of the pod that has it. */}}
      {{- if $job.besideService }}
      affinity:
        podAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels:
                  {{- include "taskplatform.service.selector" . | nindent 18 }}
      {{- end }}
{{- end }}

{{/* Of the Job and its pods. No Service and no other policy selects by them. */}}
{{- define "taskplatform.dataJob.labels" -}}
app.kubernetes.io/name: {{ .name }}-data
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: data
app.kubernetes.io/part-of: taskplatform
{{- end }}

{{/* Where backups are, for the command: a list of variables. Takes the values `backup`. */}}
{{- define "taskplatform.backup.environment" -}}
{{- if .persistentVolumeClaim -}}
- name: BACKUP_DIRECTORY
  value: /backup
{{- else -}}
- name: BACKUP_S3_ENDPOINT
  value: {{ .s3.endpoint | quote }}
- name: BACKUP_S3_BUCKET
  value: {{ .s3.bucket | quote }}
{{- with .s3.prefix }}
- name: BACKUP_S3_PREFIX
  value: {{ . | quote }}
{{- end }}
{{- with .s3.region }}
- name: BACKUP_S3_REGION
  value: {{ . | quote }}
{{- end }}
- name: BACKUP_S3_CREDENTIALS_DIR
  value: /etc/taskplatform/s3
{{- if .s3.caSecretName }}
- name: BACKUP_S3_CA_FILE
  value: /etc/taskplatform/s3-ca/ca.crt
{{- end }}
{{- end }}
{{- end }}

{{/* What the command mounts to reach them: a list of mounts with their source. Takes the values `backup`. */}}
{{- define "taskplatform.backup.volumes" -}}
{{- if .persistentVolumeClaim -}}
- name: backup
  mountPath: /backup
  source:
    persistentVolumeClaim:
      claimName: {{ .persistentVolumeClaim.claimName }}
{{- else -}}
- name: s3
  mountPath: /etc/taskplatform/s3
  readOnly: true
  source:
    secret:
      secretName: {{ .s3.credentialsSecretName }}
      defaultMode: 0440
      items:
        - {key: access-key-id, path: access-key-id}
        - {key: secret-access-key, path: secret-access-key}
{{- with .s3.caSecretName }}
- name: s3-ca
  mountPath: /etc/taskplatform/s3-ca
  readOnly: true
  source:
    secret:
      secretName: {{ . }}
      items:
        - {key: ca.crt, path: ca.crt}
{{- end }}
{{- end }}
{{- end }}
