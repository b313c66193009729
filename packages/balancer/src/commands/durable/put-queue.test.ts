import { durableCommandId, PushfleetError, parseDeviceId } from '@pushfleet/protocol';
import type { FailedPut, NewCommand, PutResult } from '@pushfleet/registry';
import { systemClock } from '@pushfleet/runtime';
import { expect, it, vi } from 'vitest';
import { PutQueue, RegistryClock } from './put-queue.ts';

const away: FailedPut = { kind: 'failed', error: new PushfleetError('REGISTRY_UNAVAILABLE', 'away') };

it('refuses of one batch what could not be put, and nothing else', async () => {
  const putMany = vi.fn(async (commands: readonly NewCommand[]) =>
    commands.map(({ device }): PutResult | FailedPut => (device === 'd1' ? away : { kind: 'full' })),
  );
  const settings = { queueCommands: 10, queueBytes: 1_000, outcomesKeptMs: 1_000 };
  const queue = new PutQueue({ putMany }, new RegistryClock(systemClock), settings, 10);
  const heard: [string, unknown][] = [];
  for (const id of ['d0', 'd1', 'd2']) {
    queue.add({
      command: newCommand(id),
      onPut: ({ kind }) => heard.push([id, kind]),
      onFailed: (error) => heard.push([id, error]),
    });
  }
  await vi.waitUntil(() => heard.length === 3);
  expect(putMany).toHaveBeenCalledOnce();
  expect(heard).toEqual([
    ['d0', 'full'],
    ['d1', away.error],
    ['d2', 'full'],
  ]);
});

function newCommand(id: string): NewCommand {
  const keys = { collapseKey: '', idempotencyKey: '', fingerprint: '' };
  const times = { ttlMs: 1_000, finishWithinMs: 1_000 };
  const operation = { kind: 'forceSync', forceSync: { reason: '' } } as const;
  return { id: durableCommandId(id), device: parseDeviceId(id), operation, priority: 'normal', ...keys, ...times };
}
