import { describe, expect, it } from 'vitest';
import { readBalancerSettings } from './settings.ts';

describe('the address by which balancers reach one another', () => {
  it.each([
    {},
    { PUSHFLEET_PEER_BIND: '10.0.0.7' },
    { PUSHFLEET_PEER_BIND: '0.0.0.0', PUSHFLEET_PEER_ADDRESS: 'balancer-1' },
    { PUSHFLEET_PEER_BIND: '::', PUSHFLEET_PEER_ADDRESS: '2001:db8::1' },
  ])('is fine with %j', (more) => {
    expect(readBalancerSettings(more).peerPort).toBe(0);
  });

  it.each([
    [{ PUSHFLEET_PEER_ADDRESS: '0.0.0.0' }, 'PUSHFLEET_PEER_ADDRESS: must be an IP address or host name'],
    [{ PUSHFLEET_PEER_ADDRESS: 'balancer-1:4000' }, 'without a port; it is "balancer-1:4000"'],
    [{ PUSHFLEET_PEER_BIND: '0.0.0.0' }, 'PUSHFLEET_PEER_ADDRESS: must be set'],
    [{ PUSHFLEET_PEER_BIND: '::' }, 'PUSHFLEET_PEER_BIND is "::"'],
    [{ PUSHFLEET_PEER_PORT: '70000' }, 'PUSHFLEET_PEER_PORT: must be a port'],
  ])('is refused with %j', (more, message) => {
    expect(() => readBalancerSettings(more)).toThrow(message);
  });
});

it.each([
  [
    { PUSHFLEET_DEAD_AFTER_MS: '4000' },
    'PUSHFLEET_DEAD_AFTER_MS: must be at least 5000, as PUSHFLEET_SUSPECT_AFTER_MS',
  ],
  [{ PUSHFLEET_TICKET_LIFETIME_MS: '20000' }, 'PUSHFLEET_TICKET_LIFETIME_MS: must be at least 30000'],
])('settings that contradict each other are refused: %j', (more, message) => {
  expect(() => readBalancerSettings(more)).toThrow(message);
});
