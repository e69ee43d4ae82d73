"""
Runs executions on moto's Step Functions interpreter, a port of LocalStack's: one JSON line in for each (definition, name, input), one
JSON line out (how it ended, and the states that it entered). Its Lambda calls leave the process, to AWS_ENDPOINT_URL_LAMBDA.
"""

import json
import sys
import time
from types import SimpleNamespace

import boto3
from moto import mock_aws
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction

# What a test would wait for takes no time: the pause before another try, and Wait states.
retrier_decl.time = SimpleNamespace(sleep=lambda _seconds: None)
WaitFunction._wait_interval = lambda _self, env, wait_seconds: None

CONFIG = {
    "core": {"passthrough": {"services": ["lambda"]}},
    "stepfunctions": {"execute_state_machine": True},
}


def run(states, order):
    machine = states.create_state_machine(
        name=f"machine-{time.monotonic_ns()}",
        definition=json.dumps(order["definition"]),
        roleArn="arn:aws:iam::123456789012:role/interpreter",
    )["stateMachineArn"]
    execution = states.start_execution(
        stateMachineArn=machine, name=order["name"], input=json.dumps(order["input"])
    )["executionArn"]
    while (ended := states.describe_execution(executionArn=execution))["status"] == "RUNNING":
        time.sleep(0.01)
    entered = [
        event["stateEnteredEventDetails"]["name"]
        for page in states.get_paginator("get_execution_history").paginate(executionArn=execution)
        for event in page["events"]
        if "stateEnteredEventDetails" in event
    ]
    members = {name: ended[name] for name in ("status", "output", "error", "cause") if name in ended}
    return {**members, "entered": entered}


with mock_aws(config=CONFIG):
    client = boto3.client("stepfunctions")
    for line in sys.stdin:
        print(json.dumps(run(client, json.loads(line))), flush=True)
