#!/usr/bin/env python3
"""Forces a synchronization of devices, from the proto files alone: no pushfleet code is used.

    force_sync.py --address 127.0.0.1:13299 --ca .pushfleet/ca.crt --token-file .pushfleet/admin-token demo-01 demo-02

Needs grpcio and grpcio-tools (Debian: python3-grpcio, python3-grpc-tools).
"""

import argparse
import importlib
import pathlib
import sys
import tempfile

import grpc
from grpc_tools import protoc

PROTO = pathlib.Path(__file__).resolve().parents[2] / "proto"


def compile_protos(into: str) -> None:
    """Generates the Python modules of all proto files and makes them importable."""
    sources = [str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto")]
    arguments = ["protoc", f"-I{PROTO}", f"--python_out={into}", f"--grpc_python_out={into}", *sources]
    if protoc.main(arguments) != 0:
        sys.exit("the proto files do not compile")
    sys.path.insert(0, into)


def read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", default="127.0.0.1:13299")
    parser.add_argument("--ca", type=pathlib.Path, default=pathlib.Path(".pushfleet/ca.crt"))
    parser.add_argument("--token-file", type=pathlib.Path, default=pathlib.Path(".pushfleet/admin-token"))
    parser.add_argument("devices", nargs="+", metavar="device")
    return parser.parse_args()


def main() -> int:
    arguments = read_arguments()
    with tempfile.TemporaryDirectory() as generated:
        compile_protos(generated)
        messages = importlib.import_module("pushfleet.admin.v1.command_service_pb2")
        services = importlib.import_module("pushfleet.admin.v1.command_service_pb2_grpc")
        operations = importlib.import_module("pushfleet.common.v1.operation_pb2")
        outcomes = importlib.import_module("pushfleet.common.v1.outcome_pb2").Outcome

    tls = grpc.ssl_channel_credentials(arguments.ca.read_bytes())
    token = grpc.access_token_call_credentials(arguments.token_file.read_text().strip())
    failed = 0
    with grpc.secure_channel(arguments.address, grpc.composite_channel_credentials(tls, token)) as channel:
        commands = services.CommandServiceStub(channel)
        for device in arguments.devices:
            request = messages.PushRequest(
                device_id=device,
                operation=operations.Operation(force_sync=operations.ForceSync(reason="asked from Python")),
            )
            status = commands.Push(request, timeout=60).status
            print(f"{device} {outcomes.Name(status.outcome)} {status.reason}".rstrip(), flush=True)
            failed += status.outcome != outcomes.OUTCOME_SUCCEEDED
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
