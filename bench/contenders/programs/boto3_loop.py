"""What many would write: every page, then describes by a pool of threads. usage: boto3_loop.py <threads>"""
import json
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config

threads = int(sys.argv[1])
client = boto3.client("sagemaker", config=Config(max_pool_connections=threads))


def judge(name):
    try:
        answer = client.describe_notebook_instance(NotebookInstanceName=name)
    except Exception:
        return "failed"
    return "violation" if answer["DirectInternetAccess"] == "Enabled" else "pass"


pages = client.get_paginator("list_notebook_instances").paginate(PaginationConfig={"PageSize": 100})
names = [item["NotebookInstanceName"] for page in pages for item in page["NotebookInstances"]]
if threads == 1:
    verdicts = [judge(name) for name in names]
else:
    with ThreadPoolExecutor(threads) as pool:
        verdicts = list(pool.map(judge, names))
failed = verdicts.count("failed")
print(
    json.dumps(
        {"judged": len(verdicts) - failed, "violations": verdicts.count("violation"), "failed": failed}
    )
)
