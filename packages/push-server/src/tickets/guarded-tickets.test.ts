import type { CloseReason } from '@pushfleet/protocol';
import { DeviceSignIns, deviceSignInPolicies } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { GuardedTickets } from './guarded-tickets.ts';
import type { TicketVerdict } from './verifier.ts';

const { failures } = deviceSignInPolicies.address;

/** Tickets are good where they say so, or bad for the reason that they say. */
function start() {
  let verified = 0;
  const verify = async (token: string): Promise<TicketVerdict> => {
    verified += 1;
    const reason = Buffer.from(token.split('.')[2] ?? '', 'base64url').toString() || 'ticketInvalid';
    return reason === 'good' ? { kind: 'good', ticket: {} as never } : { kind: 'bad', reason: reason as CloseReason };
  };
  const verifyTunnel = async () => {
    verified += 1;
    return undefined;
  };
  const clock = new ManualClock();
  const tickets = new GuardedTickets({ verify, verifyTunnel }, new DeviceSignIns({ clock }));
  const encode = (text: string) => Buffer.from(text).toString('base64url');
  const show = async (reason: string, device = 'd1', remote = '192.0.2.1:40000') => {
    const verdict = await tickets.verify(`h.${encode(JSON.stringify({ sub: device }))}.${encode(reason)}`, remote);
    return verdict.kind === 'good' ? 'good' : verdict.reason;
  };
  return { clock, tickets, show, verified: () => verified };
}

it('looks at a few of ten thousand tickets that no balancer signed', async () => {
  const { show, verified } = start();
  for (let at = 0; at < 10_000; at += 1) await show('ticketInvalid', `d${at}`);
  expect(verified()).toBe(failures);
  expect(await show('good', 'other')).toBe('tooManyAttempts');
  expect(await show('good', 'other', '[2001:db8::1]:40000')).toBe('good');
});

it.each(['ticketExpired', 'ticketVoid', 'ticketForAnotherNode'])(
  'takes no ticket for a guess that is %s',
  async (reason) => {
    const { show } = start();
    for (let at = 0; at < 1_000; at += 1) expect(await show(reason)).toBe(reason);
    expect(await show('good')).toBe('good');
  },
);

it('lets a device in from where it was before, whatever its neighbours show', async () => {
  const { show } = start();
  expect(await show('good')).toBe('good');
  for (let at = 0; at < 1_000; at += 1) await show('ticketInvalid', `guess-${at}`);
  expect([await show('good'), await show('good', 'd2')]).toEqual(['good', 'tooManyAttempts']);
});

it('counts what is no ticket at all, and tokens of tunnels', async () => {
  const { tickets, verified } = start();
  for (let at = 0; at < 1_000; at += 1) await tickets.verify('what?', '192.0.2.1:1');
  expect(verified()).toBe(deviceSignInPolicies.pair.failures);
  for (let at = 0; at < 1_000; at += 1) await tickets.verifyTunnel('what?', '192.0.2.2:1');
  expect(verified()).toBe(2 * deviceSignInPolicies.pair.failures);
});
