"""Lets every kind of fault strike every service of the AWS simulator, and prints what botocore makes of it, as JSON.

usage: botocore_faults.py <url> <access key id> <secret access key> <JSON list of fault rules>

The keys must be of the organization's management account. The result: for each rule, in their order, what each of
sagemaker, sts, ec2 and organizations ended as: "success", the error's code or the name of botocore's exception.
"""

import json
import sys
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

url, key_id, secret, rules = sys.argv[1:]


def client(service):
    config = Config(retries={"total_max_attempts": 1}, read_timeout=1)
    keys = {"aws_access_key_id": key_id, "aws_secret_access_key": secret}
    return boto3.client(service, endpoint_url=url, region_name="us-east-1", config=config, **keys)


def outcome(service, operation):
    try:
        getattr(client(service), operation)()
        return "success"
    except ClientError as error:
        assert error.response["Error"]["Message"], f"{service} gave no message"
        assert error.response["ResponseMetadata"]["RequestId"], f"{service} gave no request id"
        return error.response["Error"]["Code"]
    except (BotoCoreError, ResponseParserError) as error:
        return type(error).__name__


def strike(rule):
    body = json.dumps([rule]).encode()
    urllib.request.urlopen(urllib.request.Request(f"{url}/_simulator/faults", data=body, method="PUT")).close()
    return [
        outcome("sagemaker", "list_domains"),
        outcome("sts", "get_caller_identity"),
        outcome("ec2", "describe_regions"),
        outcome("organizations", "describe_organization"),
    ]


print(json.dumps([strike(rule) for rule in json.loads(rules)]))
