variable "hub_role_arn" {
  description = "The role that the operator runs as. It must exist: IAM takes no principal that does not."
  type        = string

  validation {
    condition     = can(regex("^arn:(aws|aws-us-gov|aws-cn):iam::[0-9]{12}:role/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$", var.hub_role_arn))
    error_message = "Give the ARN of a role such as arn:aws:iam::111122223333:role/AccountScanHub."
  }
}

variable "management_account_id" {
  description = "Of the organization, whose ARNs have it."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.management_account_id))
    error_message = "Give an account id of 12 digits."
  }
}

variable "organization_id" {
  description = "The organization, o-…"
  type        = string

  validation {
    condition     = can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "Give the id of an organization such as o-a1b2c3d4e5."
  }
}

variable "role_name" {
  description = "The role's name."
  type        = string
  default     = "AccountScanOrganizationReader"

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
