# As awsscan iam policy hub, awsscan iam trust irsa and awsscan iam trust pod-identity print them; a test holds them equal.
locals {
  by_token = var.oidc_issuer == null ? [] : [jsonencode({
    Sid       = "ServiceAccountByItsToken"
    Effect    = "Allow"
    Principal = { Federated = "arn:${local.partition}:iam::${local.account_id}:oidc-provider/${var.oidc_issuer}" }
    Action    = ["sts:AssumeRoleWithWebIdentity"]
    Condition = {
      StringEquals = {
        "${var.oidc_issuer}:aud" = var.token_audience
        "${var.oidc_issuer}:sub" = "system:serviceaccount:${var.namespace}:${var.service_account}"
      }
    }
  })]

  by_pod_identity = var.cluster_arn == null ? [] : [jsonencode({
    Sid       = "ServiceAccountByPodIdentity"
    Effect    = "Allow"
    Principal = { Service = "pods.eks.amazonaws.com" }
    Action    = ["sts:AssumeRole", "sts:TagSession"]
    Condition = {
      StringEquals = {
        "aws:SourceAccount"                         = local.account_id
        "aws:RequestTag/eks-cluster-arn"            = var.cluster_arn
        "aws:RequestTag/kubernetes-namespace"       = var.namespace
        "aws:RequestTag/kubernetes-service-account" = var.service_account
      }
    }
  })]

  # As texts, since the two are of different types.
  trust_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for statement in concat(local.by_token, local.by_pod_identity) : jsondecode(statement)]
  })

  permissions_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [merge(
      {
        Sid    = "AssumeScanRoles"
        Effect = "Allow"
        Action = ["sts:AssumeRole", "sts:TagSession"]
        Resource = concat(
          [for name in var.scan_role_names : "arn:${local.partition}:iam::*:role/${name}"],
          var.organization_reader_role_arn == null ? [] : [var.organization_reader_role_arn],
        )
      },
      var.organization_id == null ? {} : {
        Condition = { StringEquals = { "aws:ResourceOrgID" = var.organization_id } }
      },
    )]
  })
}
