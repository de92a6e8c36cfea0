output "role_arn" {
  description = "For accounts[].roleArn of an AwsAccountScan."
  value       = aws_iam_role.this.arn
}
