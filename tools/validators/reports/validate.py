"""Takes the path of the SARIF schema, reads {format: {name: text}} on stdin and answers {format: {name: {"errors": [...], ...}}}: one start for all."""

import io
import json
import os
import sys

import boto3
import jsonschema
import xmlschema
from asff_limits import violations
from botocore.validate import ParamValidator
from junitparser import Error, Failure, JUnitXml, Skipped
from moto import mock_aws
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

HERE = os.path.dirname(os.path.abspath(__file__))
KEYS = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
# What BatchImportFindings takes at once.
BATCH = 100
# The largest finding, in bytes.
MAX_FINDING = 240 * 1024


class Sarif:
    def __init__(self):
        with open(sys.argv[1], encoding="utf-8-sig") as schema:
            self.validator = jsonschema.Draft202012Validator(json.load(schema), format_checker=jsonschema.FormatChecker())

    def check(self, text):
        log = json.loads(text)
        errors = [f"{list(error.absolute_path)}: {error.message}" for error in self.validator.iter_errors(log)]
        return {"errors": errors, "read": len(log["runs"][0]["results"])}


class Ocsf:
    def __init__(self):
        schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version="1.8.0"))
        self.validator = jsonschema.Draft202012Validator(schema.get_class_schema("compliance_finding", ["cloud"]))

    def check(self, text):
        events = json.loads(text)
        errors = []
        for event in events:
            uid = event["finding_info"]["uid"]
            errors += [f"{uid}: {list(error.absolute_path)}: {error.message}" for error in self.validator.iter_errors(event)]
            try:
                ComplianceFinding(**event)
            except ValueError as error:
                errors.append(f"{uid}: {error}")
        return {"errors": errors, "read": len(events)}


class Asff:
    def __init__(self):
        client = boto3.client("securityhub", region_name="us-east-1", **KEYS)
        self.shape = client.meta.service_model.operation_model("BatchImportFindings").input_shape

    def check(self, text):
        findings = json.loads(text)
        errors = []
        for finding in findings:
            report = ParamValidator().validate({"Findings": [finding]}, self.shape)
            if report.has_errors():
                errors.append(f"{finding['Id']}: {report.generate_report()}")
            errors += [f"{finding['Id']}: {broken}" for broken in violations(finding)]
            if len(json.dumps(finding).encode()) > MAX_FINDING:
                errors.append(f"{finding['Id']}: larger than 240 KB")
        # The client itself refuses what breaks the model.
        return {"errors": errors, "read": len(findings), "imported": 0 if errors else import_twice(findings)}


@mock_aws
def import_twice(findings):
    """How many findings Security Hub has when all were imported twice, by product as it demands."""
    products = {}
    for finding in findings:
        products.setdefault(finding["ProductArn"], []).append(finding)
    stored = set()
    for arn, own in products.items():
        region = arn.split(":")[3]
        hub = boto3.client("securityhub", region_name=region, **KEYS)
        for _ in range(2):
            for start in range(0, len(own), BATCH):
                answer = hub.batch_import_findings(Findings=own[start : start + BATCH])
                assert answer["FailedCount"] == 0, answer
        pages = hub.get_paginator("get_findings").paginate()
        stored |= {(region, finding["Id"]) for page in pages for finding in page["Findings"]}
        total = sum(len(page["Findings"]) for page in hub.get_paginator("get_findings").paginate())
        assert total == len({identity for identity in stored if identity[0] == region}), "an import made a second one"
    return len(stored)


class Junit:
    def __init__(self):
        self.schema = xmlschema.XMLSchema(os.path.join(HERE, "junit-10.xsd"))

    def check(self, text):
        errors = [str(error) for error in self.schema.iter_errors(io.BytesIO(text.encode()))]
        report = JUnitXml.fromstring(text.encode())
        cases = [case for suite in report for case in suite]
        declared = {"tests": report.tests, "failures": report.failures, "errors": report.errors}
        counted = {"tests": len(cases), "failures": count(cases, Failure), "errors": count(cases, Error)}
        if declared != counted:
            errors.append(f"it says {declared} and has {counted}")
        names = [(case.classname, case.name) for case in cases]
        failures, skipped, unknown = (count(cases, kind) for kind in (Failure, Skipped, Error))
        return {"errors": errors, "read": len(set(names)), "failures": failures, "skipped": skipped, "unknown": unknown}


def count(cases, kind):
    return sum(1 for case in cases if any(isinstance(result, kind) for result in case.result))


CHECKERS = {"sarif": Sarif, "ocsf": Ocsf, "asff": Asff, "junit": Junit}


def main():
    answers = {}
    for kind, reports in json.load(sys.stdin).items():
        checker = CHECKERS[kind]()
        answers[kind] = {name: checker.check(text) for name, text in reports.items()}
    json.dump(answers, sys.stdout)


main()
