import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseBootId, parseDeviceId, parseGroupPath, parseNodeId } from '@pushfleet/protocol';
import { openRegistry } from '@pushfleet/registry';
import { systemClock } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { NodeCache } from './node-cache.ts';
import { RedirectReservations } from './redirect-reservations.ts';

it('moves nobody onto a push server that balancers do not get through to', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'pushfleet-redirects-'));
  const limits = { suspectAfterMs: 5_000, deadAfterMs: 15_000 };
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
  const ticket = { device: parseDeviceId('d'), group: parseGroupPath('HQ'), nodes: [parseNodeId('dp-1'), nodeId] };
  const found = { nodeId, bootId, token: 1, events: [] };

  const problem = { kind: 'control-unreachable' as const, detail: 'nobody answers', impairs: true };
  await registry.nodes.setProblem({ ...found, problem });
  expect(await reservations.reserve(ticket as never)).toBeUndefined();
  expect(await reservations.reserveOn(ticket as never, { nodeId, ...at })).toBe('stay');
  await registry.nodes.setProblem({ ...found, problem: undefined });
  expect(await reservations.reserve(ticket as never)).toEqual({ nodeId, ...at });
  expect(await reservations.reserveOn(ticket as never, { nodeId, ...at })).toEqual({ nodeId, ...at });

  await registry[Symbol.asyncDispose]();
  rmSync(stateDir, { recursive: true });
});
