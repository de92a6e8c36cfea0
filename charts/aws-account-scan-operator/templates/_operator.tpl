{{/* The operator's flags, as a list. Fails where extraArgs has one that a value sets. */}}
{{- define "aws-account-scan-operator.args" -}}
{{- $values := .Values -}}
{{- $args := list "operator" -}}
{{- with $values.watchNamespaces }}{{ $args = append $args (printf "--watch-namespaces=%s" (join "," .)) }}{{ end -}}
{{- with $values.operatorIdentityNamespaces }}{{ $args = append $args (printf "--operator-identity-namespaces=%s" (join "," .)) }}{{ end -}}
{{- with $values.allowedRoleArns }}{{ $args = append $args (printf "--allowed-role-arns=%s" (join "," .)) }}{{ end -}}
{{- with $values.tokenAudience }}{{ $args = append $args (printf "--token-audience=%s" .) }}{{ end -}}
{{- with $values.logLevel }}{{ $args = append $args (printf "--log-level=%s" .) }}{{ end -}}
{{- if ne (int $values.ports.metrics) 8080 }}{{ $args = append $args (printf "--metrics-port=%d" (int $values.ports.metrics)) }}{{ end -}}
{{- if ne (int $values.ports.health) 8081 }}{{ $args = append $args (printf "--health-port=%d" (int $values.ports.health)) }}{{ end -}}
{{- if $values.metrics.auth.enabled }}{{ $args = append $args "--metrics-auth" }}{{ end -}}
{{- if $values.metrics.tls.existingSecret -}}
{{- $folder := include "aws-account-scan-operator.certificateFolder" . -}}
{{- $args = concat $args (list (printf "--metrics-tls-cert-file=%s/tls.crt" $folder) (printf "--metrics-tls-key-file=%s/tls.key" $folder)) -}}
{{- end -}}
{{- $set := list -}}
{{- range $args }}{{ $set = append $set (splitList "=" . | first) }}{{ end -}}
{{/* Where these are given, other objects of the chart must know. */}}
{{- $owners := dict "--watch-namespaces" "watchNamespaces" "--metrics-port" "ports.metrics" "--health-port" "ports.health" "--metrics-auth" "metrics.auth.enabled" "--metrics-tls-cert-file" "metrics.tls.existingSecret" "--metrics-tls-key-file" "metrics.tls.existingSecret" -}}
{{- range $values.extraArgs -}}
{{- $flag := splitList "=" . | first -}}
{{- with get $owners $flag }}{{ fail (printf "extraArgs: set %s instead of %s: other objects depend on it" . $flag) }}{{ end -}}
{{- if has $flag $set }}{{ fail (printf "extraArgs: a value of the chart sets %s already" $flag) }}{{ end -}}
{{- end -}}
{{- concat $args $values.extraArgs | toYaml -}}
{{- end -}}

{{/* What the operator may do with scans wherever it runs them; the rules of a ClusterRole or of Roles. */}}
{{- define "aws-account-scan-operator.scanRules" -}}
- apiGroups: [awsaccountscan.dev]
  resources: [awsaccountscans]
  verbs: [get, list, watch]
- apiGroups: [awsaccountscan.dev]
  resources: [awsaccountscans/status]
  verbs: [patch]
- apiGroups: [awsaccountscan.dev]
  resources: [awsaccountscanreports]
  verbs: [get, list, create, patch, delete]
# The ecosystem's Reports, where the cluster has them. None is read one by one or watched.
- apiGroups: [openreports.io]
  resources: [reports]
  verbs: [list, create, patch, delete]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end -}}

{{/*
Fails where tenants cannot mean what they say. The operator's own ServiceAccount is nobody's tenant: its tokens are
the operator's power.
*/}}
{{- define "aws-account-scan-operator.checkTenants" -}}
{{- $root := . -}}
{{- $own := include "aws-account-scan-operator.serviceAccountName" . -}}
{{- $seen := list -}}
{{- range .Values.tenants -}}
{{- if has .namespace $seen }}{{ fail (printf "tenants: the namespace %s is there twice: list all its ServiceAccounts at once" .namespace) }}{{ end -}}
{{- $seen = append $seen .namespace -}}
{{- if and $root.Values.watchNamespaces (not (has .namespace $root.Values.watchNamespaces)) -}}
{{- fail (printf "tenants: no scan of the namespace %s is run, since watchNamespaces lacks it" .namespace) -}}
{{- end -}}
{{- if and (eq .namespace $root.Release.Namespace) (has $own .serviceAccounts) -}}
{{- fail (printf "tenants: %s in %s is the operator's own ServiceAccount: scans use its identity by naming none" $own .namespace) -}}
{{- end -}}
{{- end -}}
{{- end -}}
