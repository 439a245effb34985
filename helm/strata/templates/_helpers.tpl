{{/*
What all names begin with: the release's name. The longest that follows from it is the label of a
revision of the StatefulSet.
*/}}
{{- define "strata.fullname" -}}
{{- $name := .Release.Name }}
{{- if not (contains "strata" $name) }}
{{- $name = printf "%s-strata" $name }}
{{- end }}
{{- if gt (len $name) 47 }}
{{- fail (printf "the release name %s is too long for the names that follow from it: use at most 40 characters" .Release.Name) }}
{{- end }}
{{- $name }}
{{- end }}

{{/* The operator's ServiceAccount. */}}
{{- define "strata.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (printf "%s-operator" (include "strata.fullname" .)) }}
{{- end }}

{{/* The Secret with address and keys of the messaging engine. */}}
{{- define "strata.natsSecret" -}}
{{ .Values.nats.secretName | default (printf "%s-nats" (include "strata.fullname" .)) }}
{{- end }}

{{/* The Secret with certificate, key and authority of the servers; empty where no TLS is spoken. */}}
{{- define "strata.tlsSecret" -}}
{{- if .Values.nats.tls.enabled }}
{{- if not .Values.nats.enabled }}
{{- fail "nats.tls is about servers that this chart installs, and nats.enabled is false: write tls:// into the url of the Secret nats.secretName, and the authority's certificate into its key ca.crt" }}
{{- end }}
{{- .Values.nats.tls.secretName | required "nats.tls.enabled needs nats.tls.secretName: a Secret of type kubernetes.io/tls in the release's namespace with tls.crt, tls.key and ca.crt" }}
{{- end }}
{{- end }}

{{/* TLS in the configuration of a server: what it shows, and whom it trusts. */}}
{{- define "strata.natsTls" -}}
tls {
  cert_file: /etc/nats-tls/tls.crt
  key_file: /etc/nats-tls/tls.key
  ca_file: /etc/nats-tls/ca.crt
}
{{- end }}

{{/* The configuration of a server, without the accounts, which the operator makes. */}}
{{- define "strata.natsConf" -}}
{{- $replicas := int .Values.nats.replicas }}
{{- $tls := include "strata.tlsSecret" . -}}
port: 4222
http: 0.0.0.0:8222
server_name: $SERVER_NAME
lame_duck_grace_period: 2s
# The shortest that the server takes; with no client left it ends before.
lame_duck_duration: 30s
jetstream {
  store_dir: /data
  max_memory_store: 64MB
  max_file_store: {{ .Values.nats.storage.maxFileStore }}
  sync_interval: {{ .Values.nats.storage.syncInterval | quote }}
}
{{- if $tls }}
{{- include "strata.natsTls" . | nindent 0 }}
{{- end }}
{{- if gt $replicas 1 }}
{{- if $tls }}
# What clients hear of the other servers: names, because certificates are for names.
client_advertise: $CLIENT_ADVERTISE
{{- end }}
cluster {
  name: strata
  port: 6222
  {{- if $tls }}
  {{- include "strata.natsTls" . | nindent 2 }}
  {{- end }}
  # Who is let in here speaks for every account.
  authorization { user: routes, password: $ROUTES_PASSWORD }
  routes: [
    {{- range $i := until $replicas }}
    $ROUTE_{{ $i }}
    {{- end }}
  ]
}
{{- end }}
include ./keys/accounts.conf
{{- end }}

{{/*
One server knows nothing of what three know of their streams, and three delete what one has stored:
NATS takes no streams along. An upgrade that would lose them is refused.
*/}}
{{- define "strata.sameServers" -}}
{{- $name := printf "%s-nats" (include "strata.fullname" .) }}
{{- with and (lookup "apps/v1" "StatefulSet" .Release.Namespace $name) (lookup "v1" "ConfigMap" .Release.Namespace $name) }}
{{- $then := int $.Values.nats.replicas }}
{{- /* Not how many run at the moment, which anybody may have scaled. */}}
{{- $now := ternary 3 1 (contains "cluster {" (index .data "nats.conf")) }}
{{- if ne $now $then }}
{{- fail (printf "nats.replicas is %d and was %d: NATS takes no tasks along from one server to three or back. Set nats.replicas=%d; or let the pools finish what they have, delete the servers with their volumes (kubectl -n %s delete statefulset/%s; kubectl -n %s delete pvc -l app.kubernetes.io/instance=%s,app.kubernetes.io/component=nats) and upgrade then" $then $now $now $.Release.Namespace $name $.Release.Namespace $.Release.Name) }}
{{- end }}
{{- end }}
{{- end }}

{{/* Put into the metadata of each CRD. */}}
{{- define "strata.crdMetadata" }}
  {{- if .Values.crds.keep }}
  annotations:
    helm.sh/resource-policy: keep
  {{- end }}
  labels:
    {{- include "strata.labels" . | replace "component: operator" "component: api" | nindent 4 }}
{{ end }}

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
  name: {{ include "strata.serviceAccount" . }}
  namespace: {{ .Release.Namespace }}
{{- end }}

{{/* What agents and operator connect to. */}}
{{- define "strata.natsUrl" -}}
{{ if include "strata.tlsSecret" . }}tls{{ else }}nats{{ end }}://{{ include "strata.fullname" . }}-nats.{{ .Release.Namespace }}.svc:4222
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

{{/* Where pods of a component may run: over nodes and zones, as far as that is possible. */}}
{{- define "strata.placement" -}}
{{- $root := index . 0 }}
{{- $values := index . 1 }}
{{- $component := index . 2 }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
topologySpreadConstraints:
  # Two on one machine fall together. A machine that is away or closed does not count.
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: DoNotSchedule
    nodeTaintsPolicy: Honor
    labelSelector:
      matchLabels:
        {{- include "strata.selector" $root | nindent 8 }}
        app.kubernetes.io/component: {{ $component }}
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "strata.selector" $root | nindent 8 }}
        app.kubernetes.io/component: {{ $component }}
{{- end }}

{{/* Egress: looking up names. */}}
{{- define "strata.toDns" -}}
- ports:
    - port: 53
      protocol: UDP
    - port: 53
      protocol: TCP
{{- end }}

{{/* Egress: to the messaging engine, wherever it is. */}}
{{- define "strata.toNats" -}}
{{- if .Values.nats.enabled -}}
- ports:
    - port: 4222
  to:
    - podSelector:
        matchLabels:
          {{- include "strata.selector" . | nindent 10 }}
          app.kubernetes.io/component: nats
{{- else -}}
- ports:
    {{- range .Values.networkPolicy.natsPorts }}
    - port: {{ . }}
    {{- end }}
{{- end }}
{{- end }}

{{/* Where to read on; arguments are the root and the heading's anchor in docs/operations.md. */}}
{{- define "strata.runbook" -}}
{{- $root := index . 0 }}
{{- with $root.Values.metrics.prometheusRule.runbookBase -}}
runbook_url: {{ . }}#{{ index $ 1 }}
{{- else -}}
runbook: docs/operations.md#{{ index . 1 }}
{{- end }}
{{- end }}

{{/* Labels of what helm test makes. */}}
{{- define "strata.testLabels" -}}
{{- include "strata.labels" . | replace "component: operator" "component: test" }}
{{- end }}

{{/* What helm test makes goes when all is well; else it stands until the next time, to be looked at. */}}
{{- define "strata.testHook" -}}
helm.sh/hook: test
helm.sh/hook-weight: {{ . | quote }}
helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
{{- end }}
