# The hub's role beside the operator's cluster, the reader in the management account, and the scan role here in one
# account; the others take the same module, by a provider each or by the StackSet of ../../../cloudformation.
terraform {
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "management"
  region = "eu-west-1"

  assume_role {
    role_arn = "arn:aws:iam::444455556666:role/Deployment"
  }
}

provider "aws" {
  alias  = "member"
  region = "eu-west-1"

  assume_role {
    role_arn = "arn:aws:iam::777788889999:role/Deployment"
  }
}

locals {
  organization_id = "o-a1b2c3d4e5"
  external_id     = "acme-7f3a9c"
}

module "hub" {
  source = "../../hub-role"

  oidc_issuer                  = "oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE"
  organization_id              = local.organization_id
  organization_reader_role_arn = "arn:aws:iam::444455556666:role/AccountScanOrganizationReader"
}

module "organization_reader" {
  source    = "../../organization-reader-role"
  providers = { aws = aws.management }

  hub_role_arn          = module.hub.role_arn
  management_account_id = "444455556666"
  organization_id       = local.organization_id
}

module "scan" {
  source    = "../../scan-role"
  providers = { aws = aws.member }

  hub_role_arn = module.hub.role_arn
  external_id  = local.external_id
}

output "hub_role_arn" {
  description = "For the ServiceAccount's annotation eks.amazonaws.com/role-arn."
  value       = module.hub.role_arn
}
