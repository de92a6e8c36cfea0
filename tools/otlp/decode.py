"""Prints, as JSON, the trace export requests on standard input: OTLP's protobuf, one to a line in base64."""

import sys
from base64 import b64decode

from google.protobuf.json_format import MessageToJson
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

for line in sys.stdin:
    request = ExportTraceServiceRequest.FromString(b64decode(line))
    print(MessageToJson(request, indent=None, use_integers_for_enums=True))
