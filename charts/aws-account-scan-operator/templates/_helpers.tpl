{{/* What app.kubernetes.io/name is: the chart's name, or nameOverride. */}}
{{- define "aws-account-scan-operator.name" -}}
{{- .Values.nameOverride | default .Chart.Name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/*
The name of the objects. A release's name may hold dots and begin with a digit, and a Service's may not; 63 is what a
label's value may have.
*/}}
{{- define "aws-account-scan-operator.fullname" -}}
{{- $name := include "aws-account-scan-operator.name" . -}}
{{- $release := .Release.Name | replace "." "-" -}}
{{- $full := contains $name $release | ternary $release (printf "%s-%s" $release $name) -}}
{{- $full = regexMatch "^[0-9]" $full | ternary (printf "%s-%s" $name $release) $full -}}
{{- .Values.fullnameOverride | default $full | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* The Service's name in the cluster, as its certificate has it. */}}
{{- define "aws-account-scan-operator.host" -}}
{{- printf "%s.%s.svc" (include "aws-account-scan-operator.fullname" .) .Release.Namespace -}}
{{- end -}}

{{- define "aws-account-scan-operator.serviceAccountName" -}}
{{- .Values.serviceAccount.name | default (include "aws-account-scan-operator.fullname" .) -}}
{{- end -}}

{{/* What the Deployment and the Service select by: never to change, since a Deployment's selector cannot. */}}
{{- define "aws-account-scan-operator.selectorLabels" -}}
app.kubernetes.io/name: {{ include "aws-account-scan-operator.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
{{- end -}}

{{/* Every object's labels. Takes a list: the root, and further labels of the one object. */}}
{{- define "aws-account-scan-operator.labels" -}}
{{- $root := index . 0 -}}
{{- $own := include "aws-account-scan-operator.selectorLabels" $root | fromYaml -}}
{{- $_ := set $own "app.kubernetes.io/version" $root.Chart.AppVersion -}}
{{- $_ := set $own "app.kubernetes.io/managed-by" $root.Release.Service -}}
{{- $_ := set $own "helm.sh/chart" (printf "%s-%s" $root.Chart.Name $root.Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-") -}}
{{- $labels := dict -}}
{{- range append (rest .) $root.Values.commonLabels -}}
{{- range $key, $_ := . -}}
{{- if hasKey $own $key }}{{ fail (printf "the label %s is the chart's own: no value may set it" $key) }}{{ end -}}
{{- if not (regexMatch "^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$" $key) }}{{ fail (printf "%q cannot be the key of a label" $key) }}{{ end -}}
{{- end -}}
{{- $labels = merge $labels . -}}
{{- end -}}
{{- merge $own $labels | toYaml -}}
{{- end -}}

{{- define "aws-account-scan-operator.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository (.tag | default $.Chart.AppVersion) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Labels of the pod of helm test, which neither Service nor Deployment may select. */}}
{{- define "aws-account-scan-operator.testLabels" -}}
{{- $labels := include "aws-account-scan-operator.labels" (list .) | fromYaml -}}
{{- $name := include "aws-account-scan-operator.name" . | trunc 58 | trimSuffix "-" -}}
{{- set $labels "app.kubernetes.io/name" (printf "%s-test" $name) | toYaml -}}
{{- end -}}

{{/* The ServiceAccount, as a binding names it. */}}
{{- define "aws-account-scan-operator.subject" -}}
- kind: ServiceAccount
  name: {{ include "aws-account-scan-operator.serviceAccountName" . | quote }}
  namespace: {{ .Release.Namespace | quote }}
{{- end -}}

{{/* Whether /metrics is served by HTTPS: "true" or nothing. */}}
{{- define "aws-account-scan-operator.metricsByHttps" -}}
{{- if or .Values.metrics.auth.enabled .Values.metrics.tls.existingSecret }}true{{ end -}}
{{- end -}}

{{/* The folder of the metrics' certificate in the container. */}}
{{- define "aws-account-scan-operator.certificateFolder" -}}
/etc/awsscan/metrics-certificate
{{- end -}}

{{/*
How the pods spread, as a list; nothing for a single one, unless a value says. Several may share a node where there is no
other: that is better than one that does not run.
*/}}
{{- define "aws-account-scan-operator.spread" -}}
{{- $ours := dict "matchLabels" (include "aws-account-scan-operator.selectorLabels" . | fromYaml) -}}
{{- $constraints := .Values.topologySpreadConstraints | default list -}}
{{- if and (not $constraints) (gt (int .Values.replicas) 1) -}}
{{- range list "kubernetes.io/hostname" "topology.kubernetes.io/zone" -}}
{{- $any := dict "maxSkew" 1 "topologyKey" . "whenUnsatisfiable" "ScheduleAnyway" -}}
{{- $constraints = append $constraints (set $any "matchLabelKeys" (list "pod-template-hash")) -}}
{{- end -}}
{{- end -}}
{{- $all := list -}}
{{- range $constraints -}}
{{- /* As a whole: Helm's merge would add to a given selector. */ -}}
{{- $all = append $all (hasKey . "labelSelector" | ternary . (set (deepCopy .) "labelSelector" $ours)) -}}
{{- end -}}
{{- with $all }}{{ toYaml . }}{{ end -}}
{{- end -}}
