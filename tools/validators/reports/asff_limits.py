"""The bounds of ASFF that botocore's model does not check: those that its documentation gives, and its patterns."""

import re

# (path, the longest that its text may be), by the documentation in botocore's model of Security Hub; 64 for a
# requirement is what Prowler found out, https://github.com/prowler-cloud/prowler (lib/outputs/asff).
LENGTHS = {
    "Id": 512,
    "GeneratorId": 512,
    "Title": 256,
    "Description": 1024,
    "Region": 16,
    "ProductName": 128,
    "CompanyName": 128,
    "ProductArn": 2048,
    "Remediation.Recommendation.Text": 512,
    "Resources.Type": 256,
    "Resources.Region": 16,
    "Resources.Details.Other.*": 1023,
    "ProductFields.*": 2048,
    "Compliance.RelatedRequirements": 64,
    "FindingProviderFields.Severity.Original": 64,
}
ITEMS = {"Resources": 32, "Compliance.RelatedRequirements": 32, "FindingProviderFields.Types": 50}
KEYS = {"ProductFields": (50, 128), "Resources.Details.Other": (50, 127)}
# The pattern of every string, as a regular expression that knows no line breaks: `.*\S.*`.
NON_EMPTY = re.compile(r".*\S.*")


def violations(finding):
    """What `finding` breaks, in sentences."""
    return list(_walk(finding, ""))


def _walk(value, path):
    if isinstance(value, str):
        if not NON_EMPTY.fullmatch(value):
            yield f"{path}: {value!r} does not match .*\\S.*"
        limit = LENGTHS.get(path) or LENGTHS.get(re.sub(r"\.[^.]*$", ".*", path))
        if limit is not None and len(value) > limit:
            yield f"{path}: {len(value)} characters, {limit} allowed"
    elif isinstance(value, list):
        if len(value) > ITEMS.get(path, len(value)):
            yield f"{path}: {len(value)} items, {ITEMS[path]} allowed"
        for item in value:
            yield from _walk(item, path)
    elif isinstance(value, dict):
        if path in KEYS:
            most, longest = KEYS[path]
            if len(value) > most:
                yield f"{path}: {len(value)} pairs, {most} allowed"
            for key in value:
                if len(key) > longest or not NON_EMPTY.fullmatch(key):
                    yield f"{path}: the key {key!r} is none"
        for key, item in value.items():
            if path in KEYS:
                yield from _walk(item, f"{path}.*")
            else:
                yield from _walk(item, f"{path}.{key}" if path else key)
