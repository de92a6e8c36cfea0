{{/*
The flags that values of the chart set, as a list: of each the flag, the value's name, and what it is set to, "" for the
operator's own default. Other objects depend on what a bound one says. A switch says all by being there. A Lease is always
named: the operator's own default would be that of every release in the namespace, and the Role has to name it too.
*/}}
{{- define "aws-account-scan-operator.flags" -}}
{{- $certificate := include "aws-account-scan-operator.certificateFolder" . -}}
{{- $secret := .Values.metrics.tls.existingSecret -}}
{{- $metrics := int .Values.ports.metrics -}}
{{- $health := int .Values.ports.health -}}
{{- $election := .Values.leaderElection -}}
{{- $leases := include "aws-account-scan-operator.leases" . -}}
- {flag: --watch-namespaces, value: watchNamespaces, is: {{ join "," .Values.watchNamespaces | toJson }}, bound: true}
- {flag: --operator-identity-namespaces, value: operatorIdentityNamespaces, is: {{ join "," .Values.operatorIdentityNamespaces | toJson }}}
- {flag: --allowed-role-arns, value: allowedRoleArns, is: {{ join "," .Values.allowedRoleArns | toJson }}}
- {flag: --token-audience, value: tokenAudience, is: {{ toJson .Values.tokenAudience }}}
- {flag: --log-level, value: logLevel, is: {{ toJson .Values.logLevel }}}
- {flag: --leader-elect, value: leaderElection.enabled, is: "{{ if not $leases }}false{{ end }}", bound: true}
- {flag: --leader-elect-resource-name, value: fullnameOverride, is: {{ if $leases }}{{ include "aws-account-scan-operator.fullname" . | toJson }}{{ else }}""{{ end }}, bound: true}
- {flag: --leader-elect-resource-namespace, value: helm's --namespace, is: "", bound: true}
- {flag: --leader-elect-lease-duration, value: leaderElection.leaseDuration, is: {{ toJson $election.leaseDuration }}}
- {flag: --leader-elect-renew-deadline, value: leaderElection.renewDeadline, is: {{ toJson $election.renewDeadline }}}
- {flag: --leader-elect-retry-period, value: leaderElection.retryPeriod, is: {{ toJson $election.retryPeriod }}}
- {flag: --metrics-port, value: ports.metrics, is: "{{ if ne $metrics 8080 }}{{ $metrics }}{{ end }}", bound: true}
- {flag: --health-port, value: ports.health, is: "{{ if ne $health 8081 }}{{ $health }}{{ end }}", bound: true}
- {flag: --metrics-auth, value: metrics.auth.enabled, is: "{{ if .Values.metrics.auth.enabled }}true{{ end }}", bound: true, switch: true}
- {flag: --metrics-tls-cert-file, value: metrics.tls.existingSecret, is: "{{ if $secret }}{{ $certificate }}/tls.crt{{ end }}", bound: true}
- {flag: --metrics-tls-key-file, value: metrics.tls.existingSecret, is: "{{ if $secret }}{{ $certificate }}/tls.key{{ end }}", bound: true}
- {flag: --sharding, value: sharding.enabled, is: "{{ if .Values.sharding.enabled }}true{{ end }}", bound: true, switch: true}
{{- end -}}

{{/* The operator's arguments, as a list. */}}
{{- define "aws-account-scan-operator.args" -}}
{{- $args := list "operator" -}}
{{- range include "aws-account-scan-operator.flags" . | fromYamlArray -}}
{{- if and .is .switch -}}
{{- $args = append $args .flag -}}
{{- else if .is -}}
{{- $args = append $args (printf "%s=%s" .flag .is) -}}
{{- end -}}
{{- end -}}
{{- concat $args .Values.extraArgs | toYaml -}}
{{- end -}}

{{/* Fails where extraArgs or extraEnv would set what a value sets, or must set. Every flag has a variable, AWSSCAN_ and its name. */}}
{{- define "aws-account-scan-operator.checkFlags" -}}
{{- $given := dict -}}
{{- range .Values.extraArgs -}}
{{- $flag := splitList "=" . | first -}}
{{- $_ := set $given $flag (list "extraArgs" $flag) -}}
{{- end -}}
{{- range .Values.extraEnv -}}
{{- if hasPrefix "AWSSCAN_" .name -}}
{{- $_ := set $given (printf "--%s" (.name | trimPrefix "AWSSCAN_" | lower | replace "_" "-")) (list "extraEnv" .name) -}}
{{- end -}}
{{- end -}}
{{- range include "aws-account-scan-operator.flags" . | fromYamlArray -}}
{{- $by := get $given .flag -}}
{{- if and $by .bound -}}
{{- fail (printf "%s: set %s instead of %s: other objects depend on it" (first $by) .value (last $by)) -}}
{{- else if and $by .is -}}
{{- fail (printf "%s: the value %s sets %s already" (first $by) .value (last $by)) -}}
{{- end -}}
{{- end -}}
{{- if eq (int .Values.ports.metrics) (int .Values.ports.health) -}}
{{- fail "ports: metrics and health cannot be the same" -}}
{{- end -}}
{{- end -}}

{{/* What keeps two pods from scanning the same, a Lease for each: "shards", "leader", or nothing. */}}
{{- define "aws-account-scan-operator.leases" -}}
{{- if .Values.sharding.enabled }}shards{{ else if .Values.leaderElection.enabled }}leader{{ end -}}
{{- end -}}

{{/* How one version of the pods follows another. */}}
{{- define "aws-account-scan-operator.updateStrategy" -}}
{{- .Values.updateStrategy | default (gt (int .Values.replicas) 1 | ternary "RollingUpdate" "Recreate") -}}
{{- end -}}

{{/* Fails where several pods would scan the same. */}}
{{- define "aws-account-scan-operator.checkReplicas" -}}
{{- if not (include "aws-account-scan-operator.leases" .) -}}
{{- if gt (int .Values.replicas) 1 -}}
{{- fail (printf "replicas: %d needs leaderElection.enabled or sharding.enabled: without, each of them would scan everything" (int .Values.replicas)) -}}
{{- else if eq .Values.updateStrategy "RollingUpdate" -}}
{{- fail "updateStrategy: RollingUpdate needs leaderElection.enabled or sharding.enabled: without, the old pod and the new one would both scan everything" -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/*
What the operator may do with Leases in its own namespace. A request that creates has no name to be limited to, and the
names of the other pods' Leases are not known before.
*/}}
{{- define "aws-account-scan-operator.leaseRules" -}}
{{- if .Values.sharding.enabled -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [get, list, create, update, delete]
{{- else -}}
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [create]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  resourceNames: [{{ include "aws-account-scan-operator.fullname" . | quote }}]
  verbs: [get, update]
{{- end -}}
{{- end -}}

{{/* What the operator may do with scans wherever it runs them; the rules of a ClusterRole or of Roles. */}}
{{- define "aws-account-scan-operator.scanRules" -}}
- apiGroups: [awsaccountscan.dev]
  resources: [awsaccountscans]
  verbs: [list, watch]
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
