import type { CommandId } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { LinkTerms } from './command.ts';
import * as whole from './on-clock.ts';
import { outboxLimits } from './outbox.ts';
import {
  brief,
  command,
  deadlines,
  device,
  epoch,
  hello,
  known,
  live,
  onClock,
  onCluster,
  onDevice,
  previous,
  push,
  running,
  succeeded,
  terms,
  ticket,
} from './session.fixture.ts';
import { createSession, type Session } from './session.ts';

describe('a link that greets', () => {
  it('has its ticket verified before anything else', () => {
    expect(onDevice(createSession(0, deadlines), hello(), 0)).toEqual([{ kind: 'verify-ticket', ticket: 't' }]);
  });

  it('is asked an epoch for once its ticket is good', () => {
    const session = createSession(0, deadlines);
    onDevice(session, hello(), 0);
    expect(brief(onCluster(session, { kind: 'ticket-good', ticket }, 0))).toEqual(['send accepted', 'open-session']);
  });

  it('waits for the device to attach where the wire has a word for that', () => {
    const session = known();
    expect(session.state.kind).toBe('known');
    expect(brief(onDevice(session, { kind: 'attach', confirms: true }, 0))).toEqual(['open-session']);
  });

  it('goes live with its epoch, and has the older link told', () => {
    const session = known();
    onDevice(session, { kind: 'attach', confirms: true }, 0);
    expect(onCluster(session, { kind: 'opened', device, epoch, previous }, 0)).toEqual([
      { kind: 'send', message: { kind: 'attached', device } },
      { kind: 'evict', device, previous },
    ]);
    expect(session.state).toMatchObject({ kind: 'live', epoch });
  });

  it.each([
    ['a bad ticket', { kind: 'ticket-bad', reason: 'ticketExpired' } as const, 'end ticketExpired'],
    [
      'a registry that does not answer',
      { kind: 'open-failed', reason: 'registryUnavailable' } as const,
      'end registryUnavailable',
    ],
  ])('ends for %s', (_, said, expected) => {
    const session = createSession(0, deadlines);
    onDevice(session, hello(), 0);
    expect(brief(onCluster(session, said, 0))).toEqual([expected]);
  });

  it('ends when the ticket is for another device than it claims to be', () => {
    const session = createSession(0, deadlines);
    onDevice(session, hello(true, 'd2'), 0);
    expect(brief(onCluster(session, { kind: 'ticket-good', ticket }, 0))).toEqual(['end ticketForAnotherDevice']);
  });

  it.each([
    ['a second hello', hello()],
    ['an attach before the ticket is good', { kind: 'attach', confirms: true }],
    ['a result before the ticket is good', { kind: 'result', result: running('c1') }],
  ] as const)('ends for %s', (_, said) => {
    const session = createSession(0, deadlines);
    onDevice(session, hello(), 0);
    expect(brief(onDevice(session, said, 0))).toEqual(['end protocolError']);
  });
});

describe('a link that ends while the registry is asked', () => {
  it('closes the session that opens after it, and still has the older link told', () => {
    const session = known();
    onDevice(session, { kind: 'attach', confirms: true }, 0);
    onDevice(session, { kind: 'fault', reason: 'linkLost' }, 0);
    const effects = onCluster(session, { kind: 'opened', device, epoch, previous }, 0);
    expect(brief(effects)).toEqual(['evict', 'close-session']);
    // Which may be newer than this one, and is not to stop for good.
    expect(effects[0]).toEqual({ kind: 'evict', device, previous, isGone: true });
  });

  it('says nothing for a ticket that turns out good too late', () => {
    const session = createSession(0, deadlines);
    onDevice(session, hello(), 0);
    onDevice(session, { kind: 'fault', reason: 'linkLost' }, 0);
    expect(onCluster(session, { kind: 'ticket-good', ticket }, 0)).toEqual([]);
  });
});

describe('a live link', () => {
  it('sends commands while its window is open, and the next one when one is confirmed', () => {
    const session = live();
    expect(brief(push(session, command('c1')))).toEqual(['send command c1']);
    expect(brief(push(session, command('c2')))).toEqual(['send command c2']);
    expect(brief(push(session, command('c3')))).toEqual([]);
    expect(brief(onDevice(session, { kind: 'delivered', command: 'c1' as CommandId }, 1))).toEqual([
      'report delivered c1 to 1',
      'send command c3',
    ]);
  });

  it('reports delivery once, however often the device says it', () => {
    const session = live();
    push(session, command('c1'));
    onDevice(session, { kind: 'delivered', command: 'c1' as CommandId }, 0);
    expect(onDevice(session, { kind: 'delivered', command: 'c1' as CommandId }, 0)).toEqual([]);
  });

  it('never reports a delivery that it did not ask for', () => {
    expect(onDevice(live(), { kind: 'delivered', command: 'c9' as CommandId }, 0)).toEqual([]);
  });

  it('needs no confirmations where the wire has none', () => {
    const session = live({ confirms: false });
    for (const id of ['c1', 'c2', 'c3']) expect(brief(push(session, command(id)))).toEqual([`send command ${id}`]);
  });

  it('sends a result to the channel that the command came over', () => {
    const session = live();
    push(session, command('c1', { channel: 4 }));
    const result = succeeded('c1');
    expect(brief(onDevice(session, { kind: 'result', result }, 0))).toEqual(['report result c1 to 4']);
  });

  it('sends the result of a command from an earlier link to every channel', () => {
    const result = succeeded('old');
    expect(brief(onDevice(live(), { kind: 'result', result }, 0))).toEqual(['report result old to every']);
    expect(brief(onDevice(known(), { kind: 'result', result }, 0))).toEqual(['report result old to every']);
  });

  it('does not write a command whose time to deliver has passed', () => {
    const session = live();
    expect(brief(push(session, command('c1', { deliverByMs: 10 }), 10))).toEqual([
      'report unsent UNSENT_CAUSE_EXPIRED c1 to 1',
    ]);
    push(session, command('c2'));
    push(session, command('c3'));
    push(session, command('late', { deliverByMs: 500 }));
    expect(brief(onClock(session, 500))).toEqual(['report unsent UNSENT_CAUSE_EXPIRED late to 1']);
  });

  it('refuses what its bounded queue has no room for', () => {
    const session = live();
    for (let n = 0; n < outboxLimits.commands + terms.window; n += 1) push(session, command(`c${n}`));
    expect(brief(push(session, command('one-more')))).toEqual(['report unsent UNSENT_CAUSE_QUEUE_FULL one-more to 1']);
    const heavy = live();
    for (const id of ['a', 'b']) push(heavy, command(id));
    push(heavy, command('heavy', { payloadBytes: outboxLimits.bytes }));
    expect(brief(push(heavy, command('more')))).toEqual(['report unsent UNSENT_CAUSE_QUEUE_FULL more to 1']);
  });

  it('tells apart, when it ends, what was written from what never was', () => {
    const session = live();
    for (const id of ['c1', 'c2', 'c3']) push(session, command(id));
    expect(brief(onDevice(session, { kind: 'fault', reason: 'linkLost' }, 0))).toEqual([
      'report unsent UNSENT_CAUSE_LINK_LOST c3 to 1',
      'report linkLost c1 to 1',
      'report linkLost c2 to 1',
      'close-session',
      'end linkLost',
    ]);
  });

  it('leaves the registry alone when it was taken over', () => {
    const effects = onCluster(live(), { kind: 'close', reason: 'sessionTakenOver' }, 0);
    expect(brief(effects)).toEqual(['end sessionTakenOver']);
  });

  it('tells the device where to go', () => {
    const target = { nodeId: 'n2', address: '10.0.0.2', port: 13295 };
    const effects = onCluster(live(), { kind: 'close', reason: 'useAnotherServer', target }, 0);
    expect(effects.at(-1)).toEqual({ kind: 'end', reason: 'useAnotherServer', target });
  });

  it('frees the window of commands whose result nobody waits for any more', () => {
    const session = live();
    for (const id of ['c1', 'c2']) push(session, command(id, { finishByMs: 900 }));
    push(session, command('c3', { deliverByMs: 2_000 }));
    onClock(session, 800);
    onDevice(session, { kind: 'ping' }, 850);
    expect(brief(onClock(session, 900))).toEqual(['send command c3']);
  });

  it('ends where the device detaches again and again', () => {
    const session = live();
    const turn = (nowMs: number) => {
      const effects = onDevice(session, { kind: 'detach' }, nowMs);
      onDevice(session, { kind: 'attach', confirms: true }, nowMs);
      onCluster(session, { kind: 'opened', device, epoch, previous: undefined }, nowMs);
      return brief(effects);
    };
    for (let n = 0; n < 20; n += 1) expect(turn(0)).toEqual(['send detached', 'close-session']);
    expect(turn(1_000)).toEqual(['send detached', 'close-session']);
    expect(turn(1_000)).toContain('end messageRateTooHigh');
  });

  it('hands its session back when the device detaches, and takes a new one when it attaches again', () => {
    const session = live();
    expect(brief(onDevice(session, { kind: 'detach' }, 0))).toEqual(['send detached', 'close-session']);
    expect(brief(onDevice(session, { kind: 'attach', confirms: true }, 0))).toEqual(['open-session']);
  });

  it('has a minute to attach again, or goes', () => {
    const session = live();
    onDevice(session, { kind: 'detach' }, 1_000);
    expect(brief(onClock(session, 60_999))).toEqual([]);
    expect(brief(onClock(session, 61_000))).toEqual(['end greetingTimeout']);
  });

  it('confirms or not from now on where it attaches once more', () => {
    const session = live();
    onDevice(session, { kind: 'attach', confirms: false }, 0);
    for (const id of ['c1', 'c2', 'c3']) expect(brief(push(session, command(id)))).toEqual([`send command ${id}`]);
  });

  it('takes a device that hangs up for one that is lost while it has commands, else for one that leaves', () => {
    const [idle, busy] = [live(), live()];
    push(busy, command('c1'));
    expect(brief(onDevice(idle, { kind: 'hang-up' }, 0)).at(-1)).toBe('end goodbye');
    expect(brief(onDevice(busy, { kind: 'hang-up' }, 0)).at(-1)).toBe('end linkLost');
  });

  it('hears nothing and says nothing once it has ended', () => {
    const session = live();
    onDevice(session, { kind: 'goodbye' }, 0);
    expect(onDevice(session, { kind: 'ping' }, 0)).toEqual([]);
    expect(onClock(session, 1e9)).toEqual([]);
    expect(push(session, command('c1'))).toEqual([]);
    expect(onCluster(session, { kind: 'close', reason: 'tooSlow' }, 0)).toEqual([]);
  });
});

describe('silence', () => {
  const cases: [string, () => Session, number, string[]][] = [
    ['a client that never greets', () => createSession(0, deadlines), 10_000, ['end greetingTimeout']],
    ['a device that never attaches', known, 60_000, ['end greetingTimeout']],
    ['a live device that stops pinging', () => live(), 60_000, ['close-session', 'end keepAliveTimeout']],
  ];
  it.each(cases)('ends %s', (_, create, at, expected) => {
    expect(brief(onClock(create(), at - 1))).toEqual([]);
    expect(brief(onClock(create(), at))).toEqual(expected);
  });

  it.each<[string, () => Session, (session: Session, atMs: number) => void]>([
    [
      'ticket is verified',
      () => {
        const session = createSession(0, deadlines);
        onDevice(session, hello(false), 0);
        return session;
      },
      (session, atMs) => onCluster(session, { kind: 'ticket-good', ticket }, atMs),
    ],
    [
      'session is opened',
      () => {
        const session = known();
        onDevice(session, { kind: 'attach', confirms: true }, 0);
        return session;
      },
      (session, atMs) => onCluster(session, { kind: 'opened', device, epoch, previous: undefined }, atMs),
    ],
  ])('is not that of a device whose %s, and begins when that is done', (_, create, answer) => {
    const session = create();
    expect(onClock(session, 3_600_000)).toEqual([]);
    answer(session, 3_600_000);
    expect(onClock(session, 3_600_000 + 59_999)).toEqual([]);
    expect(brief(onClock(session, 3_600_000 + 60_000)).at(-1)).toMatch(/^end (greeting|keepAlive)Timeout$/);
  });

  describe('of a device that has promised no sign of life', () => {
    const second = 1_000;
    /** Looks once a second until something happens; answers what and when. */
    const watch = (session: Session, untilMs: number, fromMs = 0) => {
      for (let nowMs = fromMs; nowMs <= untilMs; nowMs += second) {
        const effects = onClock(session, nowMs);
        if (effects.length > 0) return [nowMs, ...brief(effects)];
      }
      return [];
    };
    const quiet = (more: Partial<LinkTerms> = {}) => live({ silenceLimitMs: Number.POSITIVE_INFINITY, ...more });
    const lost = ['report linkLost c1 to 1', 'close-session', 'end keepAliveTimeout'];

    it.each([
      [{ deliverByMs: 30 * second, finishByMs: 60 * second }, 32 * second],
      [{ deliverByMs: 500, finishByMs: 500 }, 15 * second],
      [{ deliverByMs: 30 * 86_400 * second, finishByMs: 31 * 86_400 * second }, 300 * second],
    ])('ends by the deadline of what it has not confirmed: %o', (terms, at) => {
      const session = quiet();
      push(session, command('c1', terms));
      expect(watch(session, 400 * second)).toEqual([at, ...lost]);
    });

    it('says nothing where nothing is on the wire, or all of it is confirmed', () => {
      const session = quiet();
      expect(watch(session, 3_600 * second)).toEqual([]);
      push(session, command('c1', { deliverByMs: 10 * second, finishByMs: 3_600 * second }));
      onDevice(session, { kind: 'delivered', command: 'c1' as CommandId }, second);
      expect(watch(session, 3_599 * second, second)).toEqual([]);
    });

    it('says nothing where it confirms nothing', () => {
      const session = quiet({ confirms: false });
      push(session, command('c1', { deliverByMs: 10 * second, finishByMs: 3_600 * second }));
      expect(watch(session, 3_599 * second)).toEqual([]);
    });

    it('begins anew with anything that it says', () => {
      const session = quiet();
      push(session, command('c1', { deliverByMs: 10 * second, finishByMs: 60 * second }));
      expect(watch(session, 14 * second)).toEqual([]);
      onDevice(session, { kind: 'ping' }, 14 * second + 1);
      expect(watch(session, 60 * second, 15 * second)).toEqual([30 * second, ...lost]);
    });
  });

  it('is measured by the clock of attention, and the time to deliver by the other one', () => {
    const session = live({ window: 1 });
    for (const id of ['c1', 'c2']) push(session, command(id, { deliverByMs: 20_000, finishByMs: 40_000 }));
    // A stall of 41 s, of which one second counts.
    expect(brief(whole.onClock(session, 41_000, 1_000))).toEqual(['report unsent UNSENT_CAUSE_EXPIRED c2 to 1']);
    expect(whole.onClock(session, 99_000, 14_000)).toEqual([]);
  });

  it('is broken by anything that the device says', () => {
    const session = live();
    expect(brief(onDevice(session, { kind: 'ping' }, 59_999))).toEqual(['send pong']);
    expect(onClock(session, 60_000)).toEqual([]);
  });
});
