# Remediation of SageMaker-004 (no direct internet access) in account 111122223333, region
# eu-central-1.
# Read what terraform plan says before you apply: nothing may be replaced or destroyed.
# The old notebook instances are not imported: Terraform would have to delete them with their data.
# Move the data (all below /home/ec2-user/SageMaker), then stop and delete them; the CLI form of this
# plan has the commands.
# Delete a domain's apps before you apply: the access type cannot change while one is InService,
# Pending or Deleting.
# Scan again afterwards.
terraform {
  required_version = ">= 1.5.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region              = "eu-central-1"
  allowed_account_ids = ["111122223333"]
}

variable "subnet_id" {
  description = "A private subnet in the VPC of the notebooks."
  type        = string
  nullable    = false
}

variable "security_group_ids" {
  description = "Security groups of that VPC."
  type        = list(string)
  nullable    = false
}

variable "accepted_platform_identifier" {
  description = "A platform that AWS offers still."
  type        = string
  nullable    = false
}

# Replaces arn:aws:sagemaker:eu-central-1:111122223333:notebook-instance/data-science
# Network: The subnet needs a NAT gateway, or VPC endpoints for SageMaker, S3 and STS.
# Cost: Both instances are charged for while they coexist.
resource "aws_sagemaker_notebook_instance" "data_science" {
  name                   = "data-science-vpc"
  instance_type          = "ml.t3.medium"
  role_arn               = "arn:aws:iam::111122223333:role/NotebookExecution"
  direct_internet_access = "Disabled"
  subnet_id              = var.subnet_id
  security_groups        = var.security_group_ids

  lifecycle {
    # What lies on its volume is nowhere else.
    prevent_destroy = true
  }
}

# Replaces arn:aws:sagemaker:eu-central-1:111122223333:notebook-instance/fraud-models
# Network: The subnet needs a NAT gateway, or VPC endpoints for SageMaker, S3 and STS.
# Cost: Both instances are charged for while they coexist.
# Not carried over: the address type dualstack, which the provider cannot set. The CLI form of this
# plan can.
resource "aws_sagemaker_notebook_instance" "fraud_models" {
  name                         = "Fraud-Models-vpc"
  instance_type                = "ml.m5.xlarge"
  role_arn                     = "arn:aws:iam::111122223333:role/NotebookExecution"
  direct_internet_access       = "Disabled"
  subnet_id                    = "subnet-0a1b2c3d4e5f60718"
  security_groups              = ["sg-0a1b2c3d4e5f60718", "sg-1a1b2c3d4e5f60718"]
  platform_identifier          = "notebook-al2023-v1"
  volume_size                  = 200
  kms_key_id                   = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666"
  lifecycle_config_name        = "install-drivers"
  root_access                  = "Disabled"
  default_code_repository      = "https://git.example.com/fraud/models.git"
  additional_code_repositories = ["shared-library", "https://git.example.com/fraud/data.git"]

  tags = {
    "team"        = "fraud"
    "cost-center" = "0123"
    "confirmed"   = "yes"
    "Besitzerin"  = "Jörg @ Zoë"
  }

  instance_metadata_service_configuration {
    minimum_instance_metadata_service_version = "2"
  }

  lifecycle {
    # What lies on its volume is nowhere else.
    prevent_destroy = true
  }
}

# Replaces arn:aws:sagemaker:eu-central-1:111122223333:notebook-instance/old-times
# Not carried over: The platform notebook-al1-v1 is retired.
resource "aws_sagemaker_notebook_instance" "old_times" {
  name                   = "old-times-vpc"
  instance_type          = "ml.t3.medium"
  role_arn               = "arn:aws:iam::111122223333:role/NotebookExecution"
  direct_internet_access = "Disabled"
  subnet_id              = var.subnet_id
  security_groups        = var.security_group_ids
  platform_identifier    = var.accepted_platform_identifier

  lifecycle {
    # What lies on its volume is nowhere else.
    prevent_destroy = true
  }
}

# Imports arn:aws:sagemaker:eu-central-1:111122223333:domain/d-abcdefghijkl and changes its app
# network access type.
# First: No app may be InService, Pending or Deleting.
import {
  to = aws_sagemaker_domain.research
  id = "d-abcdefghijkl"
}

resource "aws_sagemaker_domain" "research" {
  domain_name             = "research"
  app_network_access_type = "VpcOnly"
  auth_mode               = "IAM"
  vpc_id                  = "vpc-0a1b2c3d4e5f60718"
  subnet_ids              = ["subnet-0a1b2c3d4e5f60718", "subnet-1a1b2c3d4e5f60718"]

  default_user_settings {
    execution_role = "arn:aws:iam::111122223333:role/StudioExecution"
  }

  lifecycle {
    # A plan that would replace the domain is refused.
    prevent_destroy = true

    # Terraform leaves the other settings to others; compare describe-domain before and after.
    ignore_changes = [app_security_group_management, default_space_settings, default_user_settings, domain_settings, kms_key_id, retention_policy, tag_propagation, tags, tags_all]
  }
}

# Not changed here: arn:aws:sagemaker:eu-central-1:111122223333:domain/d-rstudiorstud
# AWS does not let the access type of a domain with RStudio change.
# First: No app may be InService, Pending or Deleting.
