variable "hub_role_arn" {
  description = "The role that the operator runs as. It must exist: IAM takes no principal that does not."
  type        = string

  validation {
    condition     = can(regex("^arn:(aws|aws-us-gov|aws-cn):iam::[0-9]{12}:role/([A-Za-z0-9_+=,.@-]+/)*[A-Za-z0-9_+=,.@-]{1,64}$", var.hub_role_arn))
    error_message = "Give the ARN of a role such as arn:aws:iam::111122223333:role/AccountScanHub."
  }
}

# Not sensitive: AWS calls external ids no secrets, and scans name theirs in the open. It must be hard to guess.
variable "external_id" {
  description = "What scans give as externalId. No secret, but yours alone and hard to guess."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@:/-]{2,}$", var.external_id)) && length(var.external_id) <= 1224
    error_message = "Give 2 to 1224 letters, digits and _+=,.@:/-."
  }
}

variable "role_name" {
  description = "The same in every account, since scans of an organization know the role by its name."
  type        = string
  default     = "AccountScan"

  validation {
    condition     = can(regex("^[A-Za-z0-9_+=,.@-]{1,64}$", var.role_name))
    error_message = "Give the name of a role, without path."
  }
}

variable "role_path" {
  description = "From slash to slash; scans then name the role as path/name."
  type        = string
  default     = "/"

  validation {
    condition     = can(regex("^/([A-Za-z0-9_+=,.@-]+/)*$", var.role_path))
    error_message = "Give a path from slash to slash."
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
