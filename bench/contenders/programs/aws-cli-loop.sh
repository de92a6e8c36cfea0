#!/bin/sh
# The audit of the rule's page, by the AWS CLI. usage: aws-cli-loop.sh <aws> [argument...]: how to call the CLI
names=$("$@" sagemaker list-notebook-instances --region us-east-1 \
  --query 'NotebookInstances[*].NotebookInstanceName' --output text) || exit
for name in $names; do
  "$@" sagemaker describe-notebook-instance --region us-east-1 \
    --notebook-instance-name "$name" --query 'DirectInternetAccess' --output text
done
