output "role_arn" {
  description = "For hub_role_arn of the other modules; with IRSA, for eks.amazonaws.com/role-arn of the ServiceAccount."
  value       = aws_iam_role.this.arn
}
