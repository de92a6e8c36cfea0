variable "oidc_issuer" {
  description = "The cluster's issuer without https://, an OIDC provider of this account; null without IRSA."
  type        = string
  default     = null

  validation {
    condition     = var.oidc_issuer == null || can(regex("^[a-z0-9.-]+(/[A-Za-z0-9_.~%-]+)*/?$", var.oidc_issuer))
    error_message = "Give an issuer without https://, such as oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE."
  }
}

variable "token_audience" {
  description = "The operator's --token-audience."
  type        = string
  default     = "sts.amazonaws.com"
}

variable "cluster_arn" {
  description = "The EKS cluster, of this account; null without Pod Identity."
  type        = string
  default     = null

  validation {
    condition     = var.cluster_arn == null || can(regex("^arn:(aws|aws-us-gov|aws-cn):eks:[a-z0-9-]+:[0-9]{12}:cluster/[A-Za-z0-9_-]+$", var.cluster_arn))
    error_message = "Give the ARN of a cluster such as arn:aws:eks:eu-west-1:111122223333:cluster/prod."
  }
}

variable "namespace" {
  description = "Of the ServiceAccount."
  type        = string
  default     = "aws-account-scan-system"

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$", var.namespace))
    error_message = "Give the name of one namespace."
  }
}

variable "service_account" {
  description = "The operator's ServiceAccount."
  type        = string
  default     = "aws-account-scan-operator"

  validation {
    condition     = can(regex("^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$", var.service_account))
    error_message = "Give the name of one ServiceAccount."
  }
}

variable "scan_role_names" {
  description = "Names of the scan roles, with their paths if they have one, such as compliance/AccountScan."
  type        = list(string)
  default     = ["AccountScan"]

  validation {
    condition     = alltrue([for name in var.scan_role_names : can(regex("^([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$", name))])
    error_message = "Give names of roles, with their paths and without wildcards."
  }
}

variable "organization_reader_role_arn" {
  description = "The role that may ask AWS Organizations; null where there is none."
  type        = string
  default     = null

  validation {
    condition     = var.organization_reader_role_arn == null || can(regex("^arn:(aws|aws-us-gov|aws-cn):iam::[0-9]{12}:role/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$", var.organization_reader_role_arn))
    error_message = "Give the ARN of a role."
  }
}

variable "organization_id" {
  description = "Only roles of this organization's accounts may be assumed; null for any."
  type        = string
  default     = null

  validation {
    condition     = var.organization_id == null || can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "Give the id of an organization such as o-a1b2c3d4e5."
  }
}

variable "role_name" {
  description = "The role's name."
  type        = string
  default     = "AccountScanHub"

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "Give the name of a role, without path."
  }
}

variable "permissions_boundary" {
  description = "ARN of a policy that bounds the role. It must allow what this role is for."
  type        = string
  default     = null
}

variable "tags" {
  description = "Tags of the role."
  type        = map(string)
  default     = {}
}
