"""Calls AWS: service, operation, arguments as JSON. Prints the answer as JSON."""

import json
import sys

import botocore.session


def plain(value):
    return value.read().decode() if hasattr(value, "read") else str(value)


service, operation, arguments = sys.argv[1:]
client = botocore.session.Session().create_client(service)
print(json.dumps(getattr(client, operation)(**json.loads(arguments)), default=plain))
