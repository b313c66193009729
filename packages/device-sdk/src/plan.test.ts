import { CloseReason, type device, PushfleetError } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../test/time/manual-clock.ts';
import { linkEnd } from './link.ts';
import { Plan } from './plan.ts';

const [a, b, c] = ['a', 'b', 'c'].map((nodeId, index) => ({ nodeId, address: '10.0.0.1', port: index + 1 })) as [
  device.Server,
  device.Server,
  device.Server,
];
const backoff = { baseMs: 1_000, capMs: 60_000 };

/** A plan that has just been assigned to a, with b and c as backups; `random` is 0.5. */
function assigned(servers: device.Server[] = [a, b, c], returnWithinMs = 0) {
  const clock = new ManualClock();
  const plan = new Plan({ backoff, now: () => clock.now(), random: () => 0.5 });
  expect(plan.begin()).toMatchObject({ kind: 'ask', unreachableNodeIds: [], delayMs: 0 });
  const assignment = { servers, ticket: 't1', goodUntilMs: 100_000, connectAtMs: 0, returnWithinMs };
  expect(plan.onAsked({ kind: 'assigned', assignment })).toMatchObject({
    kind: 'open',
    server: a,
    ticket: 't1',
    delayMs: 0,
  });
  return { plan, clock };
}

const neverUp = undefined;
const lost = linkEnd('linkLost');

describe('a push server that cannot be reached', () => {
  it('is followed by the backups, best first, then by a question that names them all', () => {
    const { plan } = assigned();
    expect(plan.onEnded(a, lost, neverUp)).toMatchObject({ kind: 'open', server: b, delayMs: 500 });
    expect(plan.onEnded(b, lost, neverUp)).toMatchObject({ kind: 'open', server: c, delayMs: 1_000 });
    expect(plan.onEnded(c, lost, neverUp)).toMatchObject({
      kind: 'ask',
      unreachableNodeIds: ['a', 'b', 'c'],
      delayMs: 2_000,
    });
  });

  it('is tried again where the balancer names it again', () => {
    const { plan } = assigned([a]);
    expect(plan.onEnded(a, lost, neverUp)).toMatchObject({ kind: 'ask' });
    const assignment = { servers: [a], ticket: 't2', goodUntilMs: 100_000, connectAtMs: 0, returnWithinMs: 0 };
    expect(plan.onAsked({ kind: 'assigned', assignment })).toMatchObject({ kind: 'open', server: a, ticket: 't2' });
  });
});

describe('a link that was up', () => {
  it('is opened again to the same server, after a first backoff where it was up for long', () => {
    const { plan } = assigned();
    plan.onEnded(a, lost, neverUp);
    expect(plan.onEnded(b, lost, 60_000)).toMatchObject({ kind: 'open', server: b, ticket: 't1', delayMs: 500 });
  });

  it('waits longer each time where it breaks as soon as it is up', () => {
    const { plan } = assigned();
    const delays = [0, 1, 2].map(() => plan.onEnded(a, lost, 10)).map((step) => 'delayMs' in step && step.delayMs);
    expect(delays).toEqual([500, 1_000, 2_000]);
  });

  it('needs another ticket where the old one will have run out', () => {
    const { plan, clock } = assigned();
    clock.advance(99_900);
    expect(plan.onEnded(a, lost, 60_000)).toMatchObject({ kind: 'ask', unreachableNodeIds: [] });
  });
});

describe('a push server that is lost', () => {
  it('is tried once more, then a backup at a moment within the time that all its devices take', () => {
    const { plan } = assigned([a, b, c], 40_000);
    expect(plan.onEnded(a, lost, 60_000)).toMatchObject({ kind: 'open', server: a, delayMs: 500 });
    expect(plan.onEnded(a, lost, neverUp)).toMatchObject({ kind: 'open', server: b, ticket: 't1', delayMs: 20_000 });
  });

  it('makes the device wait so long once, not before each backup', () => {
    const { plan } = assigned([a, b, c], 40_000);
    plan.onEnded(a, lost, 60_000);
    plan.onEnded(a, lost, neverUp);
    expect(plan.onEnded(b, lost, neverUp)).toMatchObject({ kind: 'open', server: c, delayMs: 2_000 });
  });

  it('was never linked to: the device goes on to a backup as after any failure', () => {
    const { plan } = assigned([a, b, c], 40_000);
    expect(plan.onEnded(a, lost, neverUp)).toMatchObject({ kind: 'open', server: b, delayMs: 500 });
  });

  it.each([
    ['the ticket would have run out by then', [a, b, c], 210_000],
    ['there is no backup', [a], 40_000],
  ])('leads to a balancer without that wait where %s', (_why, servers, returnWithinMs) => {
    const { plan } = assigned(servers, returnWithinMs);
    plan.onEnded(a, lost, 20_000);
    expect(plan.onEnded(a, lost, neverUp)).toMatchObject({ kind: 'ask', delayMs: 1_000 });
  });
});

describe('each close reason', () => {
  it.each(Object.entries(CloseReason))('%s does what its row says', (name, { retry }) => {
    const { plan } = assigned();
    const step = plan.onEnded(a, linkEnd(name as CloseReason), 60_000);
    const expected = { never: 'stop', 'same-node': 'open', reassign: 'ask' }[retry];
    expect(step).toMatchObject({ kind: expected, cause: { reason: name } });
    if (step.kind === 'open') expect(step.server).toBe(a);
  });

  it.each(['useAnotherServer', 'serverShuttingDown', 'noCapacity'] as const)(
    '%s names the node to the balancer',
    (reason) => {
      const { plan } = assigned();
      expect(plan.onEnded(a, linkEnd(reason), 60_000)).toMatchObject({ kind: 'ask', unreachableNodeIds: ['a'] });
    },
  );

  it('about the ticket throws the ticket away', () => {
    const { plan } = assigned();
    plan.onEnded(a, linkEnd('ticketInvalid'), neverUp);
    expect(plan.onAsked({ kind: 'unreachable', detail: '', retryAfterMs: 0 })).toMatchObject({ kind: 'ask' });
  });
});

describe('a redirect', () => {
  it('is followed at once where the ticket names the server', () => {
    const { plan } = assigned();
    const moved = { ...b, address: '10.0.0.9' };
    const step = plan.onEnded(a, linkEnd('useAnotherServer', undefined, moved), 60_000);
    expect(step).toMatchObject({ kind: 'open', server: moved, ticket: 't1', delayMs: 0 });
  });

  it('finds the server by its address where no node is named', () => {
    const { plan } = assigned();
    const { address, port } = b;
    const step = plan.onEnded(a, linkEnd('useAnotherServer', undefined, { address, port }), 60_000);
    expect(step).toMatchObject({ kind: 'open', server: b, delayMs: 0 });
  });

  it('to another port of the same server is followed there, though the ticket has its former port', () => {
    const { plan } = assigned();
    const target = { ...a, port: a.port + 1_000 };
    const step = plan.onEnded(a, linkEnd('useAnotherServer', undefined, target), 60_000);
    expect(step).toMatchObject({ kind: 'open', server: target, delayMs: 0 });
  });

  it('to and fro has to wait', () => {
    const { plan } = assigned();
    plan.onEnded(a, linkEnd('useAnotherServer', undefined, b), 60_000);
    expect(plan.onEnded(b, linkEnd('useAnotherServer', undefined, a), 10)).toMatchObject({ server: a, delayMs: 1_000 });
  });

  it.each([
    ['the ticket does not name the server', { nodeId: 'z', address: 'z', port: 1 }, 0],
    ['the ticket has run out', b, 100_000],
  ])('leads to a balancer where %s', (_why, target, nowMs) => {
    const { plan, clock } = assigned();
    clock.advance(nowMs);
    expect(plan.onEnded(a, linkEnd('useAnotherServer', undefined, target), 60_000)).toMatchObject({ kind: 'ask' });
  });
});

describe('a turn', () => {
  it('is waited for, and asked about again where the ticket will have run out by then', () => {
    const { plan } = assigned();
    const assignment = { servers: [a, b], ticket: 't2', goodUntilMs: 100_000, connectAtMs: 30_000, returnWithinMs: 0 };
    expect(plan.onAsked({ kind: 'assigned', assignment })).toMatchObject({ kind: 'open', server: a, delayMs: 30_000 });
    expect(plan.begin()).toMatchObject({ kind: 'open', server: a, delayMs: 30_000 });
    const late = { ...assignment, connectAtMs: 100_000 };
    expect(plan.onAsked({ kind: 'assigned', assignment: late })).toMatchObject({ kind: 'ask', delayMs: 100_000 });
  });
});

describe('a question', () => {
  it('that is refused for good stops the device', () => {
    const { plan } = assigned();
    const error = new PushfleetError('BAD_CREDENTIAL', 'no');
    expect(plan.onAsked({ kind: 'refused', error })).toEqual({
      kind: 'stop',
      cause: { reason: 'BAD_CREDENTIAL', detail: 'no' },
    });
  });

  it('that finds no room is asked again after the retry-after', () => {
    const { plan } = assigned();
    const error = new PushfleetError('NO_CAPACITY', 'full', { retryAfterMs: 7_000 });
    expect(plan.onAsked({ kind: 'refused', error })).toMatchObject({ kind: 'ask', delayMs: 7_500 });
  });

  it('for which a balancer gives a turn is asked again then, with no more jitter however often', () => {
    const { plan } = assigned();
    const error = new PushfleetError('OVERLOADED', 'later', { retryAfterMs: 7_000 });
    for (let time = 0; time < 10; time += 1) {
      expect(plan.onAsked({ kind: 'refused', error })).toMatchObject({ kind: 'ask', delayMs: 7_500 });
    }
  });

  it('that no balancer answers lets nothing wait for more than 20 s, a push server that is tried meanwhile neither', () => {
    const { plan } = assigned([a]);
    const silence = { kind: 'unreachable', detail: '', retryAfterMs: 0 } as const;
    for (let time = 0; time < 10; time += 1) plan.onAsked(silence);
    expect(plan.onEnded(a, lost, neverUp)).toMatchObject({ kind: 'ask', delayMs: 10_000 });
    const error = new PushfleetError('NO_PUSH_SERVER', 'none', { retryAfterMs: 0 });
    expect(plan.onAsked({ kind: 'refused', error })).toMatchObject({ kind: 'ask', delayMs: 30_000 });
  });

  it('that no balancer answers is asked again within 20 s, however often', () => {
    const { plan } = assigned([a]);
    plan.onEnded(a, linkEnd('ticketInvalid'), neverUp);
    const silence = { kind: 'unreachable', detail: '', retryAfterMs: 0 } as const;
    const delays = Array.from({ length: 10 }, () => plan.onAsked(silence)).map(
      (step) => 'delayMs' in step && step.delayMs,
    );
    expect(delays.slice(-3)).toEqual([10_000, 10_000, 10_000]);
  });

  it('that no balancer answers leaves the ticket, as long as it is good', () => {
    const { plan, clock } = assigned([a, b]);
    plan.onEnded(a, linkEnd('serverShuttingDown'), 60_000);
    const silence = { kind: 'unreachable', detail: '', retryAfterMs: 0 } as const;
    expect(plan.onAsked(silence)).toMatchObject({ kind: 'open', server: b });
    expect(plan.onEnded(b, lost, neverUp)).toMatchObject({ kind: 'ask' });
    expect(plan.onAsked(silence)).toMatchObject({ kind: 'open', server: a });
    clock.advance(100_000);
    expect(plan.onAsked(silence)).toMatchObject({ kind: 'ask' });
  });
});
