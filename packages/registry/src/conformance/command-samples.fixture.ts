import {
  type CommandId,
  type common,
  type DeviceId,
  durableCommandId,
  type Epoch,
  operationBytes,
} from '@pushfleet/protocol';
import { expect } from 'vitest';
import type { NewCommand, PutResult, QueuePolicy, TakenCommand } from '../commands.ts';
import type { Registry } from '../registry.ts';
import { by, deviceId, workerRef } from './samples.fixture.ts';

export const policy: QueuePolicy = { maxCommands: 100, maxBytes: 4_000_000, window: 4, keepEndedMs: 60_000 };

export function commandId(name: string | number): CommandId {
  return durableCommandId(`c-${name}`);
}

export function custom(payload: Uint8Array | string, name = 'reboot'): common.Operation {
  return { kind: 'custom', custom: { name, payload: Buffer.from(payload as string) } };
}

export function newCommand(name: string | number, rest: Partial<NewCommand> = {}): NewCommand {
  const { ttlMs = 60_000 } = rest;
  return {
    id: commandId(name),
    device: deviceId(1),
    operation: custom(`payload ${name}`),
    priority: 'normal',
    collapseKey: '',
    idempotencyKey: '',
    fingerprint: '',
    ttlMs,
    finishWithinMs: 2 * ttlMs,
    ...rest,
  };
}

/** The weight of one command of `newCommand`, all names being of one length. */
export function weightOf(command: NewCommand): number {
  return operationBytes(command.operation);
}

export async function openSession(registry: Registry, device: DeviceId = deviceId(1), node = 'dp-1'): Promise<Epoch> {
  const opened = await registry.sessions.open(device, workerRef(node), by('mqtt'));
  if (opened === 'void') throw new Error(`the ticket of "${device}" is void`);
  return opened.epoch;
}

export async function putAll(registry: Registry, ...commands: NewCommand[]): Promise<PutResult['kind'][]> {
  const kinds: PutResult['kind'][] = [];
  for (const command of commands) kinds.push((await registry.commands.put(command, policy)).kind);
  return kinds;
}

export function idsOf(commands: readonly (TakenCommand | { id: CommandId })[]): CommandId[] {
  return commands.map(({ id }) => id);
}

export async function takeIds(registry: Registry, epoch: Epoch, window = policy.window, limit = 100) {
  return idsOf((await registry.commands.take(deviceId(1), epoch, window, limit)).commands);
}

export async function expectOutcome(registry: Registry, name: string | number, outcome: common.Outcome, reason = /.*/) {
  const command = await registry.commands.get(deviceId(1), commandId(name));
  expect(command?.status).toMatchObject({ outcome, reason: expect.stringMatching(reason) });
}
