data "aws_partition" "current" {}

locals {
  partition = data.aws_partition.current.partition
}

resource "aws_iam_role" "this" {
  name                 = var.role_name
  description          = "Lists accounts for aws-account-scan-operator, changes nothing"
  assume_role_policy   = local.trust_policy
  max_session_duration = 3600
  permissions_boundary = var.permissions_boundary
  tags                 = var.tags
}

resource "aws_iam_role_policy" "this" {
  name   = "ListAccounts"
  role   = aws_iam_role.this.name
  policy = local.permissions_policy
}
