{{/*
Whether an object of Prometheus Operator is to be rendered: "true" or nothing. Takes a list: the root, the kind, and
the values of the object. helm template asks no cluster, and then knows groups alone, without kinds: there,
"missing" cannot be said, and leaving the object out would be silence.
*/}}
{{- define "aws-account-scan-operator.renders" -}}
{{- $root := index . 0 -}}
{{- $type := printf "monitoring.coreos.com/v1/%s" (index . 1) -}}
{{- $values := index . 2 -}}
{{- $apis := $root.Capabilities.APIVersions -}}
{{- $asked := $apis.Has "v1/Service" -}}
{{- $served := or ($apis.Has $type) (and (not $asked) ($apis.Has "monitoring.coreos.com/v1")) -}}
{{- if $values.enabled -}}
{{- if or $served (eq $values.renderMode "alwaysRender") -}}
true
{{- else if eq $values.renderMode "failIfMissing" -}}
{{- fail (printf "no %s: the cluster does not serve it, or helm template asked none. Install Prometheus Operator's CRDs, give helm template --api-versions=%s, or set renderMode to alwaysRender or skipIfMissing" $type $type) -}}
{{- else if not $asked -}}
true
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
The groups of monitoring/rules.yaml, as an object with the key groups. Its alerts hold {{ }} of Prometheus' own, which
is why it is not run through tpl: the two tokens that its head explains are replaced, and the Deployment's name.
*/}}
{{- define "aws-account-scan-operator.rules" -}}
{{- $values := .Values.prometheusRule -}}
{{- $text := .Files.Get "monitoring/rules.yaml" -}}
{{- $text = $text | replace "OPERATOR_NAMESPACE" .Release.Namespace -}}
{{- $text = $text | replace "deployment/aws-account-scan-operator" (printf "deployment/%s" (include "aws-account-scan-operator.fullname" .)) -}}
{{- $text = $text | replace "RUNBOOK_BASE_URL" $values.runbookBaseUrl -}}
{{- $unknown := $values.disabledAlerts -}}
{{- $known := list -}}
{{- $groups := list -}}
{{- range ($text | fromYaml).groups -}}
{{- $rules := list -}}
{{- range .rules -}}
{{- if .alert }}{{ $known = append $known .alert }}{{ $unknown = without $unknown .alert }}{{ end -}}
{{- if not (and .alert (has .alert $values.disabledAlerts)) }}{{ $rules = append $rules . }}{{ end -}}
{{- end -}}
{{- if $rules }}{{ $groups = append $groups (merge (dict "rules" $rules) .) }}{{ end -}}
{{- end -}}
{{- with $unknown -}}
{{- fail (printf "prometheusRule.disabledAlerts: there is no alert %s; there are %s" (join ", " .) ($known | uniq | sortAlpha | join ", ")) -}}
{{- end -}}
{{- dict "groups" $groups | toYaml -}}
{{- end -}}
