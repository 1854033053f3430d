{{- define "taskplatform.service.deployment" -}}
{{- $values := index .root.Values .key -}}
{{- $embedded := include "taskplatform.embedded" .root -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "taskplatform.service.name" . }}
  namespace: {{ .root.Release.Namespace }}
  labels:
    {{- include "taskplatform.service.labels" . | nindent 4 }}
spec:
  {{- if not $values.autoscaling }}
  replicas: {{ include "taskplatform.service.replicas" . }}
  {{- end }}
  progressDeadlineSeconds: {{ include "taskplatform.seconds" .root.Values.rollout.healthDeadline }}
  {{- if $embedded }}
  {{- /* SQLite has one writer: the old pod must be gone before the new one starts. */}}
  strategy:
    type: Recreate
  {{- else }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  {{- end }}
  selector:
    matchLabels:
      {{- include "taskplatform.service.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "taskplatform.service.podLabels" . | nindent 8 }}
        {{- with $values.podTemplate.labels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        {{- /* Of what needs a restart. The rest of the file reaches a running pod, which reads it again. */}}
        checksum/config: {{ .start | toYaml | sha256sum }}
        {{- with $values.podTemplate.annotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "taskplatform.service.identity" . | nindent 6 }}
      {{- /* preStop (5 s) + drain (5 s) + grace of the requests in flight (15 s), and as much to spare. */}}
      terminationGracePeriodSeconds: 45
      securityContext:
        {{- include "taskplatform.podSecurityContext" . | nindent 8 }}
      containers:
        - name: {{ .name }}
          image: {{ include "taskplatform.service.image" . }}
          imagePullPolicy: {{ .root.Values.image.pullPolicy }}
          {{- /* Why the service ended is the last line of its log. */}}
          terminationMessagePolicy: FallbackToLogsOnError
          securityContext:
            {{- include "taskplatform.containerSecurityContext" . | nindent 12 }}
          ports:
            - name: http
              containerPort: 8080
              protocol: TCP
            - name: observe
              containerPort: 9090
              protocol: TCP
          {{- with $values.env }}
          env:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with $values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          startupProbe:
            httpGet:
              path: /observe/health/started
              port: observe
            periodSeconds: 1
            timeoutSeconds: 2
            failureThreshold: 120
          livenessProbe:
            httpGet:
              path: /observe/health/live
              port: observe
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet:
              path: /observe/health/ready
              port: observe
            periodSeconds: 2
            timeoutSeconds: 2
            failureThreshold: 3
          {{- /* Gives the proxies of all nodes time to choose another pod. Kubernetes 1.29 drops it, unless its feature gate is on. */}}
          {{- if not $embedded }}
          lifecycle:
            preStop:
              sleep:
                seconds: 5
          {{- end }}
          volumeMounts:
            - name: config
              mountPath: /etc/taskplatform/config
              readOnly: true
            {{- range $volume := .volumes }}
            - name: {{ $volume.name }}
              mountPath: {{ $volume.path }}
              readOnly: true
            {{- end }}
            {{- if $embedded }}
            - name: data
              mountPath: /var/lib/taskplatform
            {{- else }}
            - name: database
              mountPath: /etc/taskplatform/database
              readOnly: true
            {{- end }}
            - name: tmp
              mountPath: /tmp
      volumes:
        - name: config
          configMap:
            name: {{ include "taskplatform.service.name" . }}
        {{- range $volume := .volumes }}
        - name: {{ $volume.name }}
          {{- toYaml $volume.source | nindent 10 }}
        {{- end }}
        {{- if $embedded }}
        - name: data
          persistentVolumeClaim:
            claimName: {{ include "taskplatform.service.name" . }}-data
        {{- else }}
        - name: database
          {{- include "taskplatform.databaseSource" .root | nindent 10 }}
        {{- end }}
        {{- /* The JVM's native libraries are unpacked here. */}}
        - name: tmp
          emptyDir:
            sizeLimit: 64Mi
      {{- include "taskplatform.service.nodes" . | nindent 6 }}
      {{- with $values.podTemplate.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- if gt (include "taskplatform.service.maxReplicas" . | int) 1 }}
      topologySpreadConstraints:
        {{- range $key := list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
        - maxSkew: 1
          topologyKey: {{ $key }}
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels:
              {{- include "taskplatform.service.selector" $ | nindent 14 }}
          matchLabelKeys: [pod-template-hash]
        {{- end }}
      {{- end }}
{{- end }}
