import { describe, expect, it } from 'vitest';
import type { OperationInit } from './gen/common.ts';
import { limits } from './limits.ts';
import { parseOperation } from './operation.ts';

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key-${index}`, '']));

describe('an operation that a caller pushes', () => {
  it.each<OperationInit>([
    { forceSync: { reason: 'policy changed' } },
    { runTask: { taskId: 'scan.full:1', parameters: { path: '/' } } },
    { stopTask: { taskId: 'scan' } },
    { getStatistics: { applicationId: 'av', counters: [], intervalMs: 100 } },
    { custom: { name: 'reboot', payload: Buffer.alloc(limits.payloadBytes) } },
  ])('is taken within its limits', (operation) => {
    const [kind] = Object.keys(operation);
    expect(parseOperation(operation)).toEqual({ kind, ...operation });
  });

  it.each<[string, OperationInit | undefined]>([
    ['operation: must be one of force_sync, run_task, stop_task, get_statistics, custom', undefined],
    ['TunnelService.Open opens tunnels', { openTunnel: { target: '127.0.0.1:22' } }],
    ['operation.force_sync.reason: must be at most 256 bytes', { forceSync: { reason: 'x'.repeat(257) } }],
    ['operation.run_task.task_id: must be', { runTask: { taskId: 'a b', parameters: {} } }],
    ['operation.run_task.parameters: must be at most 64', { runTask: { taskId: 'a', parameters: many(65) } }],
    ['operation.run_task.parameters: must be a map with keys', { runTask: { taskId: 'a', parameters: { '': 'x' } } }],
    [
      'operation.run_task.parameters: must be a map with values of at most 4096 bytes; see "größe"',
      { runTask: { taskId: 'a', parameters: { größe: 'x'.repeat(4_097) } } },
    ],
    ['operation.stop_task.task_id: must be', { stopTask: { taskId: '' } }],
    [
      'operation.get_statistics.interval: must be 0.1s to 86400s, or absent (one answer)',
      { getStatistics: { applicationId: 'av', counters: [], intervalMs: 99 } },
    ],
    [
      'operation.get_statistics.interval: must be 0.1s to 86400s, or absent (one answer)',
      // Negative, or no duration at all.
      { getStatistics: { applicationId: 'av', counters: [], intervalMs: -1 } },
    ],
    [
      'operation.get_statistics.interval: must be 0.1s to 86400s, or absent (one answer)',
      { getStatistics: { applicationId: 'av', counters: [], intervalMs: Number.NaN } },
    ],
    [
      'operation.get_statistics.interval: must be 0.1s to 86400s, or absent (one answer)',
      // More than a timer of Node.js takes: it would fire at once, again and again.
      { getStatistics: { applicationId: 'av', counters: [], intervalMs: 2_147_483_648 } },
    ],
    [
      'operation.custom.payload: must be at most 1048576 bytes',
      { custom: { name: 'x', payload: Buffer.alloc(limits.payloadBytes + 1) } },
    ],
  ])('is refused beyond them: %s', (message, operation) => {
    expect(() => parseOperation(operation)).toThrow(message);
    // Names of fields are ours: they go into headers.
    expect(() => parseOperation(operation)).toThrow(
      expect.objectContaining({ field: expect.stringMatching(/^[a-z_.]+$/) }),
    );
  });
});
