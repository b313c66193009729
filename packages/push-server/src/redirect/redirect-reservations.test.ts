import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseBootId, parseDeviceId, parseGroupPath, parseNodeId } from '@pushfleet/protocol';
import { openRegistry } from '@pushfleet/registry';
import { systemClock } from '@pushfleet/runtime';
import { expect, it, vi } from 'vitest';
import { NodeCache } from './node-cache.ts';
import { RedirectReservations } from './redirect-reservations.ts';

async function start() {
  const stateDir = mkdtempSync(join(tmpdir(), 'pushfleet-redirects-'));
  const limits = { suspectAfterMs: 60_000, deadAfterMs: 120_000 };
  const registry = await openRegistry({ stateDir, redisUrl: undefined, redisKeyPrefix: 'test', ...limits });
  const [nodeId, bootId] = [parseNodeId('dp-2'), parseBootId('boot-2')];
  const at = { address: 'dp-2.example', port: 13_295 };
  const size = { capacity: 10, weight: 100, workers: [] };
  await registry.nodes.register({ nodeId, bootId, status: 'ready', ...at, ...size });
  const reservations = new RedirectReservations(
    registry.assignments,
    new NodeCache(registry.nodes, systemClock),
    parseNodeId('dp-1'),
    30_000,
  );
  const nodes = [parseNodeId('dp-1'), nodeId];
  const ticketOf = (device: string) => ({
    device: parseDeviceId(device),
    group: parseGroupPath('HQ'),
    nodes,
    generation: 0,
  });
  const target = { nodeId, ...at };
  return {
    ...{ registry, reservations, ticketOf, target, bootId },
    async [Symbol.asyncDispose]() {
      await registry[Symbol.asyncDispose]();
      rmSync(stateDir, { recursive: true });
    },
  };
}

it('moves nobody onto a push server that balancers do not get through to', async () => {
  await using test = await start();
  const { registry, reservations, target, bootId } = test;
  const [ticket, nodeId] = [test.ticketOf('d'), target.nodeId];
  const found = { nodeId, bootId, token: 1, events: [] };

  const problem = { kind: 'control-unreachable' as const, detail: 'nobody answers', impairs: true };
  await registry.nodes.setProblem({ ...found, problem });
  expect(await reservations.reserve(ticket)).toBeUndefined();
  expect(await reservations.reserveOn(ticket, target)).toBe('stay');
  await registry.nodes.setProblem({ ...found, problem: undefined });
  expect(await reservations.reserve(ticket)).toEqual(target);
  expect(await reservations.reserveOn(ticket, target)).toEqual(target);
});

it('moves a connected device when its slot has come, and one that has no room here at once', async () => {
  await using test = await start();
  const { reservations, ticketOf, target } = test;
  // The push server takes one device in a second.
  expect(await reservations.reserveInTurn(ticketOf('d-1'))).toEqual(target);
  const second = async () => reservations.reserveInTurn(ticketOf('d-2'));
  const third = async () => reservations.reserveInTurn(ticketOf('d-3'));
  await second();
  expect(await third()).toBe('stay');
  expect(await reservations.reserve(ticketOf('d-3'))).toEqual(target);
  expect(await reservations.reserveOn(ticketOf('d-4'), target)).toBe('stay');
  await vi.waitFor(async () => expect(await third()).toEqual(target), 5_000);
});
