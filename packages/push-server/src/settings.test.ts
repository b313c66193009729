import { describe, expect, it } from 'vitest';
import { readPushServerSettings } from './settings.ts';

describe('the address by which balancers reach the workers', () => {
  const read = (more: Record<string, string>) =>
    readPushServerSettings({ PUSHFLEET_DISTRIBUTION_POINT: 'dp-1', ...more });

  it.each([
    {},
    { PUSHFLEET_CONTROL_BIND: '10.0.0.7' },
    { PUSHFLEET_CONTROL_BIND: '0.0.0.0', PUSHFLEET_CONTROL_ADDRESS: 'push-server-1' },
    { PUSHFLEET_CONTROL_BIND: '::', PUSHFLEET_CONTROL_ADDRESS: '2001:db8::1' },
  ])('is fine with %j', (more) => {
    expect(read(more).distributionPoint).toBe('dp-1');
  });

  it.each([
    [{ PUSHFLEET_CONTROL_ADDRESS: '0.0.0.0' }, 'PUSHFLEET_CONTROL_ADDRESS: must be an IP address or host name'],
    [{ PUSHFLEET_CONTROL_ADDRESS: '::' }, 'PUSHFLEET_CONTROL_ADDRESS: must be an IP address or host name'],
    [{ PUSHFLEET_CONTROL_ADDRESS: 'dp-1:4000' }, 'without a port; it is "dp-1:4000"'],
    [{ PUSHFLEET_CONTROL_BIND: '0.0.0.0' }, 'PUSHFLEET_CONTROL_ADDRESS: must be set'],
    [{ PUSHFLEET_CONTROL_BIND: '::' }, 'PUSHFLEET_CONTROL_BIND is "::"'],
  ])('is refused with %j', (more, message) => {
    expect(() => read(more)).toThrow(message);
  });
});

describe('settings that contradict each other', () => {
  it.each([
    [
      { PUSHFLEET_DEAD_AFTER_MS: '4000' },
      'PUSHFLEET_DEAD_AFTER_MS: must be at least 5000, as PUSHFLEET_SUSPECT_AFTER_MS',
    ],
    [{ PUSHFLEET_SUSPECT_AFTER_MS: '20000' }, 'PUSHFLEET_DEAD_AFTER_MS: must be at least 20000'],
    [{ PUSHFLEET_MAX_KEEP_ALIVE_MS: '30000' }, 'PUSHFLEET_MAX_KEEP_ALIVE_MS: must be at least 60000'],
  ])('are refused: %j', (more, message) => {
    expect(() => readPushServerSettings({ PUSHFLEET_DISTRIBUTION_POINT: 'dp-1', ...more })).toThrow(message);
  });
});
