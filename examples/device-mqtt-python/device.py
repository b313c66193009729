#!/usr/bin/env python3
"""A device in Python: MQTT 5 over TLS with paho-mqtt (Debian: python3-paho-mqtt), and nothing of pushfleet's own.

Beside `npm start`:
    /usr/bin/python3 examples/device-mqtt-python/device.py
    npx pushfleet push task workbench-01 --task inventory

It synchronizes and runs tasks, with progress, that can be stopped and cancelled.
"""

import argparse
import base64
import json
import pathlib
import random
import ssl
import threading
import time
import urllib.error
import urllib.request

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

OPERATIONS = "force_sync,run_task,stop_task"
REMEMBERED = 1000


class Device:
    """Runs each command once. Every answer is kept until the push server has confirmed it, and goes over the next link."""

    def __init__(self, device_id: str) -> None:
        self.root = f"pushfleet/devices/{device_id}"
        self.client: mqtt.Client | None = None
        self.lock = threading.RLock()
        self.tasks: dict[str, tuple[str, threading.Event]] = {}  # task id: the command that runs it, and how to stop it
        self.ended_tasks: dict[str, None] = {}
        self.running: dict[str, threading.Event] = {}  # command id: how to give it up
        self.results: dict[str, dict] = {}  # command id: how it ended
        self.unconfirmed: dict[str, dict] = {}  # command id: a result that the push server may not have
        self.message_ids: dict[int, str] = {}

    def on_link(self, client: mqtt.Client) -> None:
        with self.lock:
            self.client = client
            self.message_ids.clear()
            for command_id in self.running:
                self.publish(command_id, {"running": {}})
            for command_id, result in list(self.unconfirmed.items()):
                self.publish(command_id, result)

    def on_confirmed(self, message_id: int) -> None:
        with self.lock:
            self.unconfirmed.pop(self.message_ids.pop(message_id, ""), None)

    def on_message(self, topic: str, payload: bytes) -> None:
        *_, command_id, operation = topic.split("/")
        parameters = json.loads(payload or b"{}")
        with self.lock:
            if operation == "cancel":
                self.cancel(command_id)
            elif command_id in self.running:
                self.publish(command_id, {"running": {}})
            elif command_id in self.results:  # It came twice: the answer is said again, the command not run again.
                self.end(command_id, self.results[command_id])
            else:
                self.begin(command_id, operation, parameters)

    def begin(self, command_id: str, operation: str, parameters: dict) -> None:
        if operation == "force_sync":
            print(f"synchronizes: {parameters.get('reason', '')}", flush=True)
            self.end(command_id, succeeded("synchronized"))
        elif operation == "run_task":
            task_id = parameters["taskId"]
            if task_id in self.tasks:
                return self.end(command_id, {"rejected": {"reason": "the task already runs"}})
            given_up = threading.Event()
            self.running[command_id] = given_up
            self.tasks[task_id] = (command_id, given_up)
            arguments = (command_id, task_id, parameters.get("parameters", {}), given_up)
            threading.Thread(target=self.run_task, args=arguments, daemon=True).start()
        elif operation == "stop_task":
            # Waits for the end of the task, and must not keep the link waiting meanwhile.
            self.running[command_id] = threading.Event()
            threading.Thread(target=self.stop_task, args=(command_id, parameters["taskId"]), daemon=True).start()
        else:
            self.end(command_id, {"rejected": {"reason": f"unsupported: {operation}"}})

    def cancel(self, command_id: str) -> None:
        if command_id in self.running:
            self.running[command_id].set()
        elif command_id in self.results:
            self.end(command_id, self.results[command_id])
        else:  # It has not come yet: when it does, it is not run.
            self.remember(command_id, {"cancelled": {"reason": "cancelled before it came"}})

    def run_task(self, command_id: str, task_id: str, parameters: dict, given_up: threading.Event) -> None:
        steps = int(parameters.get("steps", 10))
        result = succeeded(f"{task_id} is done")
        for step in range(steps):
            percent = 100 * step // steps
            with self.lock:
                progress = {"percent": percent, "message": f"step {step + 1} of {steps}"}
                self.publish(command_id, {"running": {"progress": progress}})
            if given_up.wait(0.2):
                result = {"cancelled": {"reason": f"given up at {percent} %"}}
                break
        with self.lock:
            del self.tasks[task_id]
            self.ended_tasks[task_id] = None
            while len(self.ended_tasks) > REMEMBERED:
                del self.ended_tasks[next(iter(self.ended_tasks))]
            self.end(command_id, result)

    def stop_task(self, command_id: str, task_id: str) -> None:
        with self.lock:
            _, given_up = self.tasks.get(task_id, (None, None))
            had_ended = task_id in self.ended_tasks
        if given_up:
            given_up.set()
            while self.tasks.get(task_id, (None, None))[1] is given_up:
                time.sleep(0.02)
            result = {"succeeded": {}}
        else:
            result = {"succeeded": {"alreadyEnded": True}} if had_ended else {"rejected": {"reason": "no such task"}}
        with self.lock:
            self.end(command_id, result)

    def end(self, command_id: str, result: dict) -> None:
        self.running.pop(command_id, None)
        self.remember(command_id, result)
        self.unconfirmed[command_id] = result
        while len(self.unconfirmed) > REMEMBERED:
            del self.unconfirmed[next(iter(self.unconfirmed))]
        self.publish(command_id, result)

    def remember(self, command_id: str, result: dict) -> None:
        self.results[command_id] = result
        while len(self.results) > REMEMBERED:
            del self.results[next(iter(self.results))]

    def publish(self, command_id: str, result: dict) -> None:
        if self.client is None:
            return
        sent = self.client.publish(f"{self.root}/results/{command_id}", json.dumps(result), qos=1)
        if "running" not in result and sent.rc == mqtt.MQTT_ERR_SUCCESS:
            self.message_ids[sent.mid] = command_id


def succeeded(output: str) -> dict:
    return {"succeeded": {"output": base64.b64encode(output.encode()).decode()}}


def ask_assignment(options: argparse.Namespace) -> dict:
    body = {"deviceId": options.id, "secret": options.secret_file.read_text().strip()}
    request = urllib.request.Request(
        f"{options.balancer}/v1/assignment", json.dumps(body).encode(), {"content-type": "application/json"}
    )
    trusted = ssl.create_default_context(cafile=str(options.ca))
    with urllib.request.urlopen(request, timeout=10, context=trusted) as answer:
        return json.load(answer)


def create_client() -> mqtt.Client:
    if hasattr(mqtt, "CallbackAPIVersion"):  # paho-mqtt 2
        return mqtt.Client(mqtt.CallbackAPIVersion.VERSION1, protocol=mqtt.MQTTv5)
    return mqtt.Client(protocol=mqtt.MQTTv5)


def hold_link(device: Device, assignment: dict, options: argparse.Namespace) -> None:
    """Returns when the link has ended."""
    client = create_client()
    client.username_pw_set(options.id, assignment["ticket"])
    client.tls_set(ca_certs=str(options.ca))
    ended = threading.Event()

    def on_connect(client, _userdata, _flags, reason, _properties=None):
        if reason == 0:
            client.subscribe(f"{device.root}/commands/#", qos=1)
        else:
            print(f"refused: {reason}", flush=True)

    def on_subscribe(client, *_):
        print(f"connected to {assignment['primary']['nodeId']}", flush=True)
        device.on_link(client)

    def on_disconnect(_client, _userdata, reason, _properties=None):
        print(f"disconnected: {reason}", flush=True)
        ended.set()

    client.on_connect = on_connect
    client.on_subscribe = on_subscribe
    client.on_disconnect = on_disconnect
    client.on_message = lambda _client, _userdata, message: device.on_message(message.topic, message.payload)
    client.on_publish = lambda _client, _userdata, message_id: device.on_confirmed(message_id)
    declared = Properties(PacketTypes.CONNECT)
    declared.UserProperty = ("pushfleet-operations", OPERATIONS)
    server = assignment["primary"]
    client.connect(server["address"], server["port"], keepalive=30, properties=declared)
    client.loop_start()
    try:
        ended.wait()
    finally:
        device.client = None
        client.disconnect()
        client.loop_stop()


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--id", default="workbench-01")
    parser.add_argument(
        "--secret-file", type=pathlib.Path, default=pathlib.Path(".pushfleet/devices/workbench-01.secret")
    )
    parser.add_argument("--balancer", default="https://127.0.0.1:13000")
    parser.add_argument("--ca", type=pathlib.Path, default=pathlib.Path(".pushfleet/ca.crt"))
    return parser.parse_args()


def main() -> None:
    options = read_options()
    device = Device(options.id)
    failures = 0
    while True:
        try:
            # A new ticket for each link: simple, and right after every kind of ending.
            assignment = ask_assignment(options)
            begun = time.monotonic()
            hold_link(device, assignment, options)
            failures = 0 if time.monotonic() - begun > 10 else failures + 1
        except urllib.error.HTTPError as error:
            if error.code in (400, 401):
                raise SystemExit(f"the balancer refuses: {error.read().decode()}") from None
            failures += 1
        except OSError as error:
            print(f"not connected: {error}", flush=True)
            failures += 1
        # Full jitter: many devices that lost a push server must not come back at one time.
        time.sleep(random.uniform(0, min(60, 2**failures)))


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        pass
