#!/usr/bin/env python3
"""Forces a synchronization of devices, from the proto files alone: no pushfleet code is used.

Beside `npm start`:
    /usr/bin/python3 examples/admin-python/force_sync.py demo-01 demo-02

Needs grpcio and grpcio-tools (Debian: python3-grpcio, python3-grpc-tools).
"""

import argparse
import sys

from pushfleet_api import Api, add_connection_arguments, open_channel


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add_connection_arguments(parser)
    parser.add_argument("devices", nargs="+", metavar="device")
    arguments = parser.parse_args()
    api = Api()
    failed = 0
    with open_channel(arguments) as channel:
        commands = api.services.CommandServiceStub(channel)
        for device in arguments.devices:
            request = api.commands.PushRequest(
                device_id=device,
                operation=api.operations.Operation(force_sync=api.operations.ForceSync(reason="asked from Python")),
            )
            status = commands.Push(request, timeout=60).status
            print(f"{device} {api.outcomes.Name(status.outcome)} {status.reason}".rstrip(), flush=True)
            failed += status.outcome != api.outcomes.OUTCOME_SUCCEEDED
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
