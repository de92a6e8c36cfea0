"""Calls every operation that the AWS simulator has, with boto3, and prints what it parsed as one JSON object.

usage: call_every_operation.py <url> <account's access key id> <secret access key> <web identity token> <role ARN>

The keys must be of the organization's management account, whose us-east-1 has a notebook instance and a domain.
An error that an operation answers is its result: {"error": <code>, "message": <message>}.
"""

import json
import sys

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

url, key_id, secret, token, role_arn = sys.argv[1:]
keys = {"aws_access_key_id": key_id, "aws_secret_access_key": secret}
results = {}


def client(service, **options):
    config = Config(retries={"total_max_attempts": 1}, **options)
    return boto3.client(service, endpoint_url=url, region_name="us-east-1", config=config, **keys)


def call(name, method, **arguments):
    try:
        result = method(**arguments)
        assert result["ResponseMetadata"]["RequestId"], f"{name} has no request id"
        del result["ResponseMetadata"]
    except ClientError as error:
        result = {"error": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
    results[name] = result
    return result


sts = client("sts")
call("GetCallerIdentity", sts.get_caller_identity)
call("AssumeRole", sts.assume_role, RoleArn=role_arn, RoleSessionName="botocore")
call(
    "AssumeRoleWithWebIdentity",
    client("sts", signature_version=UNSIGNED).assume_role_with_web_identity,
    RoleArn=role_arn,
    RoleSessionName="botocore",
    WebIdentityToken=token,
)
ec2 = client("ec2")
call("DescribeRegions", ec2.describe_regions, AllRegions=False)
call("DescribeVpcs", ec2.describe_vpcs)

sagemaker = client("sagemaker")
listed = call("ListNotebookInstances", sagemaker.list_notebook_instances, MaxResults=1)
name = listed["NotebookInstances"][0]["NotebookInstanceName"]
call("DescribeNotebookInstance", sagemaker.describe_notebook_instance, NotebookInstanceName=name)
call("DescribeNotebookInstance of none", sagemaker.describe_notebook_instance, NotebookInstanceName="none")
domain = call("ListDomains", sagemaker.list_domains)["Domains"][0]
call("DescribeDomain", sagemaker.describe_domain, DomainId=domain["DomainId"])
call("ListTags", sagemaker.list_tags, ResourceArn=domain["DomainArn"])
call("ListApps", sagemaker.list_apps, DomainIdEquals=domain["DomainId"])
call("UpdateDomain", sagemaker.update_domain, DomainId=domain["DomainId"], AppNetworkAccessType="VpcOnly")
call("DeleteDomain", sagemaker.delete_domain, DomainId=domain["DomainId"])

organizations = client("organizations")
call("DescribeOrganization", organizations.describe_organization)
call("ListAccounts", organizations.list_accounts)
call("ListAccountsForParent", organizations.list_accounts_for_parent, ParentId="r-ab12")
call("ListOrganizationalUnitsForParent", organizations.list_organizational_units_for_parent, ParentId="r-ab12")

json.dump(results, sys.stdout, default=lambda value: value.isoformat())
