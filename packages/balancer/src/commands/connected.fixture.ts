import type { admin, CommandId, DeviceId, node } from '@pushfleet/protocol';
import { expect, onTestFinished, vi } from 'vitest';
import { call, TestBalancer, withToken } from '../balancer.fixture.ts';
import type { FakeWorker } from '../worker.fixture.ts';

/** A balancer, one worker, a device whose link the worker holds ("laptop") and one that is away ("phone"). */
export async function connect(change = {}) {
  const test = await TestBalancer.start(change);
  onTestFinished(() => test[Symbol.asyncDispose]());
  await test.putFleet('HQ', 'dp-1', 'laptop', 'phone');
  const worker = await test.startWorker('dp-1');
  const session = await worker.openSession('laptop');
  await vi.waitFor(() => expect(worker.channels).toBe(1), 3_000);
  return { test, worker, session };
}

/** The first push that the worker receives. */
export async function firstPush(worker: FakeWorker): Promise<node.PushCommand> {
  await vi.waitFor(() => expect(worker.received.length).toBeGreaterThan(0));
  return worker.received[0] as node.PushCommand;
}

/** The registry's word on a command. */
export async function stored(test: TestBalancer, { deviceId, commandId }: { deviceId: string; commandId: string }) {
  return test.registry.commands.get(deviceId as DeviceId, commandId as CommandId);
}

type Named = Pick<admin.PushResponse, 'deviceId' | 'commandId'>;

export async function getCommand(test: TestBalancer, { deviceId, commandId }: Named): Promise<admin.CommandRecord> {
  const client = test.commands();
  const request = { deviceId, commandId };
  const { command } = await call<admin.GetCommandResponse>((done) => client.getCommand(request, withToken(), done));
  return command as admin.CommandRecord;
}

export async function cancelCommand(
  test: TestBalancer,
  { deviceId, commandId }: Named,
  reason = '',
): Promise<admin.CommandRecord> {
  const client = test.commands();
  const request = { deviceId, commandId, reason };
  const { command } = await call<admin.CancelCommandResponse>((done) =>
    client.cancelCommand(request, withToken(), done),
  );
  return command as admin.CommandRecord;
}
