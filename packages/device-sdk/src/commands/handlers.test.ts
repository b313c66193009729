import { expect, it } from 'vitest';
import type { HandlerName } from './command.ts';
import { Handlers } from './handlers.ts';

const nothing = () => undefined;

it('declares what there are handlers for, and that tasks can be stopped', () => {
  const handlers = new Handlers();
  expect(handlers.operations()).toEqual([]);
  for (const name of ['forceSync', 'runTask', 'custom:reboot'] as const) handlers.set(name, nothing);
  handlers.set('getStatistics', () => ({}));
  handlers.allowTunnels(nothing);
  const declared = ['force_sync', 'run_task', 'stop_task', 'custom:reboot', 'get_statistics', 'open_tunnel'];
  expect(handlers.operations()).toEqual(declared);
  handlers.delete('runTask');
  expect(handlers.operations()).toEqual(declared.filter((name) => !name.endsWith('task')));
});

it.each([
  ['many', 200, ''],
  ['long', 100, 'x'.repeat(100)],
])('declares too %s custom operations as one', (_, count, suffix) => {
  const handlers = new Handlers();
  handlers.set('forceSync', nothing);
  for (let nth = 0; nth < count; nth += 1) handlers.set(`custom:n${nth}${suffix}`, nothing);
  expect(handlers.operations()).toEqual(['force_sync', 'custom']);
});

it.each(['onCommand', 'openTunnel', 'custom:', 'custom:a,b', 'custom:a/b'])('knows no operation %s', (name) => {
  expect(() => new Handlers().set(name as HandlerName, nothing as never)).toThrow(/forceSync, runTask/);
});
