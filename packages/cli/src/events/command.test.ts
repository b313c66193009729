import { expect, it } from 'vitest';
import { describeEvent, kindNames, parseKindName } from './command.ts';

it('names every kind of event, and finds it by its name', () => {
  expect(kindNames).toContain('device-clone-suspected');
  for (const name of kindNames) expect(parseKindName(name)).toMatch(/^EVENT_KIND_/);
  expect(parseKindName('unspecified')).toBe('EVENT_KIND_UNSPECIFIED');
  expect(parseKindName('something')).toBeUndefined();
});

it('shows what there is of an event on one line', () => {
  const nothing = {
    resumeToken: 't',
    deviceId: '',
    epoch: 0,
    nodeId: '',
    workerId: '',
    reason: '',
    closeReason: 'CLOSE_REASON_UNSPECIFIED',
    tunnel: null,
  } as const;
  const about = { deviceId: 'd1', nodeId: 'dp-1', workerId: 'w0', epoch: 7, reason: 'tooSlow' };
  const atMs = Date.UTC(2026, 0, 2, 3, 4, 5, 6);
  expect(describeEvent({ ...nothing, ...about, atMs, kind: 'EVENT_KIND_DEVICE_DISCONNECTED' })).toBe(
    '03:04:05.006  device-disconnected     d1  dp-1 w0  epoch 7  tooSlow',
  );
  expect(describeEvent({ ...nothing, nodeId: 'dp-1', atMs, kind: 'EVENT_KIND_NODE_READY' })).toBe(
    '03:04:05.006  node-ready              dp-1',
  );
  const tunnel = { tunnelId: 't1', target: '127.0.0.1:22', bytesToDevice: 10, bytesFromDevice: 2_000 };
  const closed = {
    ...nothing,
    deviceId: 'd1',
    reason: 'idle',
    atMs,
    kind: 'EVENT_KIND_TUNNEL_CLOSED',
    tunnel,
  } as const;
  expect(describeEvent(closed)).toBe(
    '03:04:05.006  tunnel-closed           d1  127.0.0.1:22 (10 bytes to the device, 2000 from it)  idle',
  );
});
