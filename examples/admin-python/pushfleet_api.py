"""The admin API of pushfleet for Python, made from the proto files alone: no pushfleet code is used.

Needs grpcio and grpcio-tools (Debian: python3-grpcio, python3-grpc-tools).
"""

import argparse
import importlib
import pathlib
import sys
import tempfile

import grpc
import grpc_tools
from grpc_tools import protoc

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROTO = ROOT / "proto"
# google.rpc.Status and its details; Python's package googleapis-common-protos has the same, already generated.
THIRD_PARTY = ROOT / "proto-third-party"
# google.protobuf.Timestamp and its like.
WELL_KNOWN = pathlib.Path(grpc_tools.__file__).parent / "_proto"


class Api:
    """The modules that protoc makes of the proto files. An integration generates them once and commits them."""

    def __init__(self) -> None:
        with tempfile.TemporaryDirectory() as generated:
            _compile_protos(generated)
            self.commands = importlib.import_module("pushfleet.admin.v1.command_service_pb2")
            self.services = importlib.import_module("pushfleet.admin.v1.command_service_pb2_grpc")
            self.groups = importlib.import_module("pushfleet.admin.v1.group_push_pb2")
            self.operations = importlib.import_module("pushfleet.common.v1.operation_pb2")
            self.outcomes = importlib.import_module("pushfleet.common.v1.outcome_pb2").Outcome
            self.details = importlib.import_module("google.rpc.error_details_pb2")
            self.rpc_status = importlib.import_module("google.rpc.status_pb2")

    def reason_of(self, status) -> str:
        """The error code in a google.rpc.Status, e.g. DEVICE_NOT_FOUND; empty where there is none."""
        info = self.details.ErrorInfo()
        return next((info.reason for detail in status.details if detail.Unpack(info)), "")

    def status_of(self, error: grpc.RpcError):
        """The google.rpc.Status of a call that failed. Empty where it comes from gRPC itself."""
        trailers = dict(error.trailing_metadata() or ())
        return self.rpc_status.Status.FromString(trailers.get("grpc-status-details-bin", b""))


def _compile_protos(into: str) -> None:
    """Generates the Python modules of all proto files and makes them importable."""
    sources = [str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto")]
    sources += [f"google/rpc/{name}.proto" for name in ("status", "error_details")]
    includes = [f"-I{directory}" for directory in (PROTO, THIRD_PARTY, WELL_KNOWN)]
    outputs = [f"--python_out={into}", f"--grpc_python_out={into}"]
    arguments = ["protoc", *includes, *outputs, *sources]
    if protoc.main(arguments) != 0:
        sys.exit("the proto files do not compile")
    sys.path.insert(0, into)


def add_connection_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--address", default="127.0.0.1:13299")
    parser.add_argument("--ca", type=pathlib.Path, default=pathlib.Path(".pushfleet/ca.crt"))
    parser.add_argument("--token-file", type=pathlib.Path, default=pathlib.Path(".pushfleet/admin-token"))


def open_channel(arguments: argparse.Namespace) -> grpc.Channel:
    """A connection to a balancer; every call on it carries the API token."""
    tls = grpc.ssl_channel_credentials(arguments.ca.read_bytes())
    token = grpc.access_token_call_credentials(arguments.token_file.read_text().split("\n")[0].strip())
    return grpc.secure_channel(arguments.address, grpc.composite_channel_credentials(tls, token))
