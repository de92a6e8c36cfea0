output "role_arn" {
  description = "For organization.managementRoleArn of an AwsAccountScan, and organization_reader_role_arn of the hub's role."
  value       = aws_iam_role.this.arn
}
