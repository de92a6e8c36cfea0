data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

locals {
  partition  = data.aws_partition.current.partition
  account_id = data.aws_caller_identity.current.account_id
}

resource "aws_iam_role" "this" {
  name                 = var.role_name
  description          = "The operator of aws-account-scan-operator"
  assume_role_policy   = local.trust_policy
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags

  lifecycle {
    precondition {
      condition     = var.oidc_issuer != null || var.cluster_arn != null
      error_message = "Give oidc_issuer, cluster_arn or both; else nobody could assume the role."
    }
  }
}

resource "aws_iam_role_policy" "this" {
  name   = "AssumeScanRoles"
  role   = aws_iam_role.this.name
  policy = local.permissions_policy
}
