import { type CommandId, readCapabilities } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import type { DeviceInput } from './on-device.ts';
import { outboxLimits } from './outbox.ts';
import {
  brief,
  command,
  deadlines,
  device,
  epoch,
  known,
  live,
  onClock,
  onCluster,
  onDevice,
  push,
  running,
  succeeded,
  terms,
} from './session.fixture.ts';
import { createSession, type Effect, hasCommands, type Session } from './session.ts';

function cancel(session: Session, id: string): Effect[] {
  return onCluster(session, { kind: 'cancel', command: id as CommandId, reason: 'why' }, 0);
}

function confirm(session: Session, id: string): Effect[] {
  return onDevice(session, { kind: 'delivered', command: id as CommandId }, 0);
}

/** c1 and c2 are written, c3 waits. */
function busy(changes: Parameters<typeof live>[0] = {}): Session {
  const session = live(changes);
  for (const id of ['c1', 'c2', 'c3']) push(session, command(id));
  return session;
}

describe('what a device has declared', () => {
  it.each([
    [undefined, 'send command c1'],
    [readCapabilities(['force_sync']), 'send command c1'],
    [readCapabilities(['run_task']), 'report unsent UNSENT_CAUSE_UNSUPPORTED c1 to 1'],
  ])('decides whether it is bothered: %s', (capabilities, expected) => {
    const session = live({ capabilities });
    expect(brief(push(session, command('c1')))).toEqual([expected]);
  });

  it('does not keep from it what it may have been sent before', () => {
    const session = live({ capabilities: readCapabilities(['run_task']) });
    expect(brief(push(session, command('c1', { redelivered: true })))).toEqual(['send command c1']);
  });
});

describe('a command that is withdrawn', () => {
  it('is dropped while it waits, and makes room for what waits behind it', () => {
    const session = busy();
    push(session, command('c4'));
    expect(brief(cancel(session, 'c3'))).toEqual(['report unsent UNSENT_CAUSE_CANCELLED c3 to 1']);
    expect(brief(confirm(session, 'c1'))).toEqual(['report delivered c1 to 1', 'send command c4']);
  });

  it.each([
    ['is on the wire', busy, 'c1', ['send cancel c1']],
    ['came over an earlier link', () => live(), 'old', ['send cancel old']],
    ['is nobody’s', known, 'c1', []],
    ['came over a link that has ended', () => ended(), 'c1', []],
  ])('is told to the device where it %s', (_, create, id, expected) => {
    expect(brief(cancel(create(), id))).toEqual(expected);
  });

  it('is told to the device where it waits to be sent once more', () => {
    const session = busy();
    push(session, command('again', { redelivered: true }));
    expect(brief(cancel(session, 'again'))).toEqual(['send cancel again']);
    expect(brief(confirm(session, 'c1'))).toEqual(['report delivered c1 to 1', 'send command c3']);
    expect(brief(confirm(session, 'c2'))).toEqual(['report delivered c2 to 1']);
  });

  it('carries the reason', () => {
    expect(cancel(live(), 'c1')).toMatchObject([{ message: { kind: 'cancel', reason: 'why', device: 'd1' } }]);
  });
});

describe('what a device says unasked', () => {
  it.each([
    ['results that it invents', (n: number) => succeeded(`d-${n}`)],
    ['progress without end', () => running('c1')],
  ])('is bounded: %s', (_, say) => {
    const session = busy();
    const ends = Array.from({ length: 2_048 }, (__, n) => onDevice(session, { kind: 'result', result: say(n) }, 0));
    expect(ends.flat().every(({ kind }) => kind === 'report')).toBe(true);
    onDevice(session, { kind: 'result', result: say(0) }, 1);
    expect(brief(onDevice(session, { kind: 'result', result: say(0) }, 1)).at(-1)).toBe('end messageRateTooHigh');
  });

  it.each<[string, DeviceInput]>([
    ['pings', { kind: 'ping' }],
    ['attaching again', { kind: 'attach', confirms: true }],
    ['confirmations of nothing', { kind: 'delivered', command: 'none' as CommandId }],
    ['refusals of nothing', { kind: 'refused', command: 'none' as CommandId, reason: 'no' }],
  ])('is bounded: %s', (_, input) => {
    const session = live();
    for (let n = 0; n < 2_048; n += 1) onDevice(session, input, 0);
    expect(session.state.kind).toBe('live');
    expect(brief(onDevice(session, input, 0)).at(-1)).toBe('end messageRateTooHigh');
  });

  it('counts more where results are large, so that one device never fills what all share', () => {
    const session = live();
    const large = (n: number): DeviceInput => {
      const result = succeeded(`d-${n}`);
      return {
        kind: 'result',
        result: { ...result, succeeded: { statistics: null, output: Buffer.alloc(1_048_576), alreadyEnded: false } },
      };
    };
    const most = Math.floor(2_048 / (1 + 1_048_576 / 8_192));
    for (let n = 0; n < most; n += 1) onDevice(session, large(n), 0);
    expect(session.state.kind).toBe('live');
    expect(brief(onDevice(session, large(most), 0)).at(-1)).toBe('end messageRateTooHigh');
  });

  it('counts more where it cannot be read, and is large', () => {
    const session = busy();
    const unreadable = () => onDevice(session, { kind: 'unreadable', bytes: 1_024_000 }, 0);
    expect([...unreadable(), ...unreadable()]).toEqual([]);
    expect(brief(unreadable()).at(-1)).toBe('end messageRateTooHigh');
  });

  it('is nothing that it was asked', () => {
    const session = live({ window: 10_000 });
    for (let n = 0; n < 5_000; n += 1) {
      push(session, command(`c${n}`));
      expect(brief(onDevice(session, { kind: 'result', result: succeeded(`c${n}`) }, 0))).toHaveLength(1);
    }
  });
});

describe('a command that the device refuses', () => {
  const refuse = (session: Session, id: string) =>
    onDevice(session, { kind: 'refused', command: id as CommandId, reason: 'quota exceeded' }, 0);

  it.each([false, true])('ends as its result says, and makes room; the wire counts packets: %s', (countsPackets) => {
    const session = busy({ countsPackets });
    const effects = refuse(session, 'c1');
    expect(brief(effects)).toEqual(['report result c1 to 1', 'send command c3']);
    expect(effects).toMatchObject([{ report: { result: { rejected: { reason: 'quota exceeded' } } } }, {}]);
  });

  it('is not ended twice, and makes room only where it was on the wire', () => {
    const session = busy({ countsPackets: true });
    onDevice(session, { kind: 'result', result: succeeded('c1') }, 0);
    expect(brief(refuse(session, 'c1'))).toEqual(['send command c3']);
    expect(refuse(known(), 'c1')).toEqual([]);
  });
});

describe('a window that counts packets', () => {
  it('is not opened by a result, only by the confirmation that comes after it', () => {
    const session = busy({ countsPackets: true });
    expect(brief(onDevice(session, { kind: 'result', result: succeeded('c1') }, 0))).toEqual(['report result c1 to 1']);
    expect(brief(confirm(session, 'c1'))).toEqual(['send command c3']);
    expect(brief(onDevice(session, { kind: 'result', result: succeeded('c3') }, 0))).toEqual(['report result c3 to 1']);
  });

  it('is not opened by the time that passes', () => {
    const session = busy({ countsPackets: true });
    push(session, command('c4', { deliverByMs: 99_000 }));
    onClock(session, 4_000);
    onDevice(session, { kind: 'ping' }, 5_000);
    expect(brief(onClock(session, 6_000))).not.toContain('send command c4');
    expect(brief(confirm(session, 'c1'))).toEqual(['send command c4']);
  });

  it('is as full as before when the device detaches and attaches again', () => {
    const session = busy({ countsPackets: true });
    onDevice(session, { kind: 'detach' }, 0);
    confirm(session, 'c1');
    onDevice(session, { kind: 'attach', confirms: true }, 0);
    onCluster(session, { kind: 'opened', device, epoch, previous: undefined }, 0);
    expect(brief(push(session, command('c5')))).toEqual(['send command c5']);
    expect(brief(push(session, command('c6')))).toEqual([]);
    expect(brief(confirm(session, 'c2'))).toEqual(['send command c6']);
  });

  it('has room again for what the wire could not carry', () => {
    const session = busy({ countsPackets: true });
    const effects = onDevice(session, { kind: 'too-large', command: 'c1' as CommandId, limit: '' }, 0);
    expect(brief(effects)).toEqual(['report unsent UNSENT_CAUSE_TOO_LARGE c1 to 1', 'send command c3']);
  });
});

describe('a command for which nobody waits any more', () => {
  const discard = (session: Session, id: string) =>
    brief(onCluster(session, { kind: 'discard', command: id as CommandId }, 0));

  it('is dropped while it waits, and goes on otherwise: the device is told nothing', () => {
    const session = busy();
    expect(discard(session, 'c3')).toEqual(['report unsent UNSENT_CAUSE_CANCELLED c3 to 1']);
    expect(discard(session, 'c1')).toEqual([]);
    expect(discard(session, 'c9')).toEqual([]);
    expect(discard(known(), 'c1')).toEqual([]);
    expect(brief(confirm(session, 'c1'))).toEqual(['report delivered c1 to 1']);
  });
});

describe('a command that the wire cannot carry', () => {
  const tooLarge = (session: Session, id: string) =>
    onDevice(session, { kind: 'too-large', command: id as CommandId, limit: '300 bytes' }, 9);

  it('is reported with the limit, and makes room for what waits behind it', () => {
    const session = busy();
    const effects = tooLarge(session, 'c1');
    expect(brief(effects)).toEqual(['report unsent UNSENT_CAUSE_TOO_LARGE c1 to 1', 'send command c3']);
    expect(effects).toMatchObject([{ report: { unsent: { detail: '300 bytes' } }, why: '300 bytes' }, {}]);
  });

  it('says nothing of the device, and nothing of a command that is not on the wire', () => {
    const session = busy();
    const { heardAtMs } = session;
    expect(tooLarge(session, 'c9')).toEqual([]);
    expect(session.heardAtMs).toBe(heardAtMs);
    expect(tooLarge(known(), 'c1')).toEqual([]);
  });
});

describe('a command that is pushed twice', () => {
  it.each(['c1', 'c3'])('is sent once: %s', (id) => {
    const session = busy();
    expect(push(session, command(id))).toEqual([]);
    expect(brief(confirm(session, 'c1'))).toEqual(['report delivered c1 to 1', 'send command c3']);
    expect(brief(confirm(session, 'c2'))).toEqual(['report delivered c2 to 1']);
  });

  it('is sent again once its result is known', () => {
    const session = live();
    push(session, command('c1'));
    onDevice(session, { kind: 'result', result: succeeded('c1') }, 0);
    expect(brief(push(session, command('c1')))).toEqual(['send command c1']);
  });
});

describe('a command that may have been sent before', () => {
  const again = (id: string, more = {}) => command(id, { redelivered: true, channel: 'every', ...more });

  it.each([
    ['its time to deliver has passed', () => push(live(), again('c9', { deliverByMs: 0 }))],
    ['its time to deliver passes while it waits', () => onClock(withWaiting(again('c9', { deliverByMs: 5 })), 5)],
  ])('is not called expired when %s', (_, act) => {
    expect(brief(act()).filter((effect) => effect.includes('c9'))).toEqual([]);
  });

  it.each([
    ['UNSENT_CAUSE_QUEUE_FULL', () => push(crowded(), again('c9'))],
    ['UNSENT_CAUSE_LINK_LOST', () => loseLink(withWaiting(again('c9')))],
  ])('is free to be sent over another link after %s', (cause, act) => {
    expect(brief(act())).toContain(`report unsent ${cause} c9 to every`);
  });

  it('is reported to every channel', () => {
    const session = live();
    push(session, again('c9'));
    expect(brief(confirm(session, 'c9'))).toEqual(['report delivered c9 to every']);
  });
});

describe('a result that is kept', () => {
  const kept = { kind: 'result-received', command: 'd-1' as CommandId } as const;

  it.each([
    ['is live', () => live(), ['send result-received d-1']],
    ['is only here to report', known, ['send result-received d-1']],
    ['has ended', () => ended(), []],
    ['nobody knows', () => createSession(0, deadlines), []],
  ])('is acknowledged over a link that %s', (_, create, expected) => {
    expect(brief(onCluster(create(), kept, 0))).toEqual(expected);
  });
});

describe('a report', () => {
  it('names the epoch of the session that says it, also as that ends', () => {
    expect(loseLink(busy()).filter(({ kind }) => kind === 'report')).toMatchObject([{ epoch }, { epoch }, { epoch }]);
    expect(onDevice(known(), { kind: 'result', result: succeeded('d-1') }, 0)).toMatchObject([{ epoch: undefined }]);
  });

  it('of progress leaves the command where it is', () => {
    const session = busy();
    expect(brief(onDevice(session, { kind: 'result', result: running('c1') }, 0))).toEqual(['report result c1 to 1']);
    expect(brief(confirm(session, 'c1'))).toEqual(['report delivered c1 to 1', 'send command c3']);
  });

  it('of expiry comes for whatever waits, also behind what may still be sent', () => {
    const session = busy();
    push(session, command('c4', { deliverByMs: 5 }));
    expect(brief(onClock(session, 5))).toEqual(['report unsent UNSENT_CAUSE_EXPIRED c4 to 1']);
  });
});

function ended(): Session {
  const session = live();
  loseLink(session);
  return session;
}

function loseLink(session: Session): Effect[] {
  return onDevice(session, { kind: 'fault', reason: 'linkLost' }, 0);
}

function withWaiting(waiting: ReturnType<typeof command>): Session {
  const session = busy();
  push(session, waiting);
  return session;
}

function crowded(): Session {
  const session = live();
  for (let n = 0; n < outboxLimits.commands + terms.window; n += 1) push(session, command(`c${n}x`));
  return session;
}

it.each([
  ['confirmed, then ended', ['confirm', 'end']],
  ['ended, then confirmed', ['end', 'confirm']],
])('leaves nothing behind once it is %s, where the wire counts packets', (_, steps) => {
  const session = live({ countsPackets: true });
  push(session, command('c1'));
  for (const [index, step] of steps.entries()) {
    expect(hasCommands(session)).toBe(true);
    if (step === 'confirm') confirm(session, 'c1');
    else onDevice(session, { kind: 'result', result: succeeded('c1') }, 0);
    expect(hasCommands(session)).toBe(index === 0);
  }
});
