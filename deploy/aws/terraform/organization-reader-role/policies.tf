# As awsscan iam policy organization and awsscan iam trust organization print them; a test holds them equal.
locals {
  organizations = "arn:${local.partition}:organizations::${var.management_account_id}"

  trust_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "HubAssumes"
        Effect    = "Allow"
        Principal = { AWS = var.hub_role_arn }
        Action    = ["sts:AssumeRole"]
      },
      {
        # Of a hub on EKS Pod Identity, whose session tags come along; by itself it lets nobody in.
        Sid       = "HubBringsSessionTags"
        Effect    = "Allow"
        Principal = { AWS = var.hub_role_arn }
        Action    = ["sts:TagSession"]
      },
    ]
  })

  permissions_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ListAccounts"
        Effect   = "Allow"
        Action   = ["organizations:ListAccounts"]
        Resource = ["*"]
      },
      {
        Sid    = "ListBelowUnits"
        Effect = "Allow"
        Action = ["organizations:ListAccountsForParent", "organizations:ListOrganizationalUnitsForParent"]
        Resource = [
          "${local.organizations}:root/${var.organization_id}/r-*",
          "${local.organizations}:ou/${var.organization_id}/ou-*",
        ]
      },
    ]
  })
}
