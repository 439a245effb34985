{{/* Labels of every object. */}}
{{- define "strata.labels" -}}
app.kubernetes.io/name: strata
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: operator
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version | replace "+" "_" }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The operator's ServiceAccount, as subject of a binding. */}}
{{- define "strata.subject" -}}
- kind: ServiceAccount
  name: {{ .Values.serviceAccount.name }}
  namespace: {{ .Release.Namespace }}
{{- end }}

{{/* What agents and operator connect to. */}}
{{- define "strata.natsUrl" -}}
nats://strata-nats.{{ .Release.Namespace }}.svc:4222
{{- end }}

{{/* Labels of the messaging engine's objects; the argument is the root. */}}
{{- define "strata.natsLabels" -}}
{{- include "strata.labels" . | replace "component: operator" "component: nats" }}
{{- end }}

{{/* Selectors: fixed for ever, a Deployment's cannot change. */}}
{{- define "strata.selector" -}}
app.kubernetes.io/name: strata
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{/* An image: digest before tag. */}}
{{- define "strata.image" -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag }}
{{- end -}}
{{- end }}

{{/* What namespaces that enforce "restricted" ask of a container. */}}
{{- define "strata.restricted" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}
