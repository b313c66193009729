#!/usr/bin/env python3
"""An Administration Server: forces a synchronization of devices, then runs a task on each, and shows what became of it.

Beside `npm start`:
    /usr/bin/python3 examples/admin-python/administration_server.py --task inventory --parameter depth=full demo-01 demo-02
    /usr/bin/python3 examples/admin-python/administration_server.py --group Demo --task inventory

From the proto files alone: no pushfleet code is used. Exit status: 0 if everything succeeded, 2 if not.
Needs grpcio and grpcio-tools (Debian: python3-grpcio, python3-grpc-tools).
"""

import argparse
import sys
from collections.abc import Iterator

import grpc
from google.protobuf.duration_pb2 import Duration
from pushfleet_api import Api, add_connection_arguments, open_channel

# Devices that are away for a moment get the command on their return; it survives the death of any process of the cluster.
TTL = Duration(seconds=60)


class AdministrationServer:
    def __init__(self, api: Api, channel: grpc.Channel) -> None:
        self.api = api
        self.commands = api.services.CommandServiceStub(channel)

    def sync_devices(self, devices: list[str]) -> int:
        """All on one stream, answered as they end, in any order. Returns how many did not succeed."""
        sync = self.api.operations.Operation(force_sync=self.api.operations.ForceSync(reason="asked from Python"))
        push = self.api.commands.PushRequest
        pushes = [
            self.api.commands.StreamedPush(correlation_id=number, push=push(device_id=device, operation=sync))
            for number, device in enumerate(devices)
        ]
        failed = 0
        for message in self.commands.PushStream(iter([self.api.commands.PushStreamRequest(pushes=pushes)]), timeout=60):
            for answer in message.answers:
                device = devices[answer.correlation_id]
                if answer.WhichOneof("answer") == "error":
                    print(f"{device} force_sync {self.api.reason_of(answer.error)} {answer.error.message}", flush=True)
                    failed += 1
                else:
                    failed += not self.show(device, "force_sync", answer.response.status)
        return failed

    def sync_group(self, group: str) -> tuple[list[str], int]:
        """Every device of the group, in one call. Returns the devices, and how many did not succeed."""
        started = self.commands.PushToGroup(
            self.api.groups.PushToGroupRequest(
                group=group,
                operation=self.api.operations.Operation(force_sync=self.api.operations.ForceSync(reason="Python")),
            ),
            timeout=60,
        ).group_push
        name = self.api.outcomes.Name
        watch = self.api.groups.WatchGroupPushRequest(group_push_id=started.group_push_id)
        for message in self.commands.WatchGroupPush(watch, timeout=600):
            counts = ", ".join(f"{count.devices} {name(count.outcome)}" for count in message.group_push.counts)
            print(f"group {group}: {message.group_push.devices} devices, {counts}", file=sys.stderr)
        outcomes = list(self.group_outcomes(started.group_push_id))
        for outcome in outcomes:
            print(f"{outcome.device_id} force_sync {name(outcome.outcome)} {outcome.reason}".rstrip(), flush=True)
        succeeded = sum(outcome.outcome == self.api.outcomes.OUTCOME_SUCCEEDED for outcome in outcomes)
        return [outcome.device_id for outcome in outcomes], len(outcomes) - succeeded

    def group_outcomes(self, group_push_id: str) -> Iterator:
        """What has become of each device's command, page by page."""
        token = ""
        while True:
            request = self.api.groups.ListGroupPushOutcomesRequest(group_push_id=group_push_id, page_token=token)
            page = self.commands.ListGroupPushOutcomes(request, timeout=60)
            yield from page.outcomes
            token = page.next_page_token
            if not token:
                return

    def run_task(self, device: str, task: str, parameters: dict[str, str]) -> bool:
        """Starts the task, then follows it to its end. Returns whether it succeeded."""
        run = self.api.operations.RunTask(task_id=task, parameters=parameters)
        pushed = self.commands.Push(
            self.api.commands.PushRequest(
                device_id=device,
                operation=self.api.operations.Operation(run_task=run),
                ttl=TTL,
                wait=self.api.commands.WAIT_ACCEPTED,
            ),
            timeout=60,
        )
        watch = self.api.commands.WatchCommandRequest(device_id=device, command_id=pushed.command_id)
        status = pushed.status
        for message in self.commands.WatchCommand(watch, timeout=600):
            status = message.command.status
            if status.HasField("progress"):
                print(f"{device} {task}: {status.progress.percent} % {status.progress.message}", file=sys.stderr)
        return self.show(device, f"run_task {task}", status)

    def show(self, device: str, operation: str, status) -> bool:
        output = status.output.decode(errors="replace")
        line = [device, operation, self.api.outcomes.Name(status.outcome), status.reason, output]
        print(" ".join(part for part in line if part), flush=True)
        return status.outcome == self.api.outcomes.OUTCOME_SUCCEEDED


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_connection_arguments(parser)
    parser.add_argument("--group", help="all devices of this group, instead of ids")
    parser.add_argument("--task", default="inventory", help="id of the task, as the devices know it")
    parser.add_argument("--parameter", action="append", default=[], metavar="KEY=VALUE")
    parser.add_argument("devices", nargs="*", metavar="device")
    arguments = parser.parse_args()
    if bool(arguments.devices) == bool(arguments.group):
        parser.error("name devices, or a group with --group")
    if not all("=" in parameter for parameter in arguments.parameter):
        parser.error("--parameter is written KEY=VALUE")
    return arguments


def main() -> int:
    arguments = read_arguments()
    parameters = dict(parameter.split("=", 1) for parameter in arguments.parameter)
    api = Api()
    with open_channel(arguments) as channel:
        try:
            failed = act(AdministrationServer(api, channel), arguments, parameters)
        except grpc.RpcError as error:
            sys.exit(f"{api.reason_of(api.status_of(error)) or error.code().name}: {error.details()}")
    return 2 if failed else 0


def act(server: AdministrationServer, arguments: argparse.Namespace, parameters: dict[str, str]) -> int:
    devices, failed = arguments.devices, 0
    if arguments.group:
        devices, failed = server.sync_group(arguments.group)
    else:
        failed = server.sync_devices(devices)
    for device in devices:
        failed += not server.run_task(device, arguments.task, parameters)
    return failed


if __name__ == "__main__":
    sys.exit(main())
