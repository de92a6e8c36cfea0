# As awsscan iam policy scan and awsscan iam trust scan print them; a test holds them equal.
locals {
  notebooks = "arn:${local.partition}:sagemaker:*:${local.account_id}:notebook-instance/*"
  domains   = "arn:${local.partition}:sagemaker:*:${local.account_id}:domain/*"

  trust_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "HubAssumes"
        Effect    = "Allow"
        Principal = { AWS = var.hub_role_arn }
        Action    = ["sts:AssumeRole"]
        Condition = { StringEquals = { "sts:ExternalId" = var.external_id } }
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
        Sid      = "ListNotebooksAndDomains"
        Effect   = "Allow"
        Action   = ["sagemaker:ListNotebookInstances", "sagemaker:ListDomains"]
        Resource = ["*"]
      },
      {
        Sid      = "DescribeNotebooks"
        Effect   = "Allow"
        Action   = ["sagemaker:DescribeNotebookInstance"]
        Resource = [local.notebooks]
      },
      {
        Sid      = "DescribeDomains"
        Effect   = "Allow"
        Action   = ["sagemaker:DescribeDomain"]
        Resource = [local.domains]
      },
      {
        Sid      = "ReadTagsForExemptions"
        Effect   = "Allow"
        Action   = ["sagemaker:ListTags"]
        Resource = [local.notebooks, local.domains]
      },
      {
        Sid      = "FindEnabledRegions"
        Effect   = "Allow"
        Action   = ["ec2:DescribeRegions"]
        Resource = ["*"]
      },
    ]
  })
}
