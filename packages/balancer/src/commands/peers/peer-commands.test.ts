import { EventEmitter } from 'node:events';
import type { ServiceError } from '@grpc/grpc-js';
import { type admin, type CommandId, type common, type DeviceId, PushfleetError, toStatus } from '@pushfleet/protocol';
import { ServerStream } from '@pushfleet/runtime';
import { describe, expect, it } from 'vitest';
import { CommandIds } from '../command-id.ts';
import type { CommandRef } from '../engine.ts';
import type { Peer, PeerAnswer, PeerWatchEvents } from './peer-client.ts';
import { PeerCommands } from './peer-commands.ts';

const own = 'own0000000';
const [one, two, three] = ['one0000000', 'two0000000', 'three00000'] as const;
const refOf = (id: CommandId | string): CommandRef => ({ device: 'laptop' as DeviceId, id: id as CommandId });
const madeBy = (balancer: string) => refOf(new CommandIds(balancer).next());
const chosen = refOf('reboot-1');

const recordOf = (outcome: common.Outcome) =>
  ({ commandId: 'c', deviceId: 'laptop', status: { outcome } }) as unknown as admin.CommandRecord;
const running = recordOf('OUTCOME_RUNNING');
const succeeded = recordOf('OUTCOME_SUCCEEDED');
const errorOf = (code: ConstructorParameters<typeof PushfleetError>[0]) =>
  toStatus(new PushfleetError(code, `because: ${code}`)) as ServiceError;

/** Has the command, does not have it, or does not answer. */
type Says = 'has' | 'has not' | ServiceError | { as: string };

/** Other balancers that say what the test wants, listed in the registry together with this one. */
class Others {
  readonly asked: string[] = [];
  readonly watches = new Map<string, PeerWatchEvents>();
  readonly stopped: string[] = [];
  readonly #says: Map<string, Says>;

  constructor(says: Record<string, Says>) {
    this.#says = new Map(Object.entries(says));
  }

  commands(): PeerCommands {
    const listed = [own, ...this.#says.keys()].map((balancerId) => ({ balancerId, peerAddress: balancerId }));
    return new PeerCommands({
      balancerId: own,
      balancers: { list: async () => listed },
      peerAt: (address) => this.#peer(address),
    });
  }

  #peer(id: string): Peer {
    return {
      get: () => this.#answer(id, 'get'),
      cancel: (_command, reason) => this.#answer(id, `cancel: ${reason}`),
      watch: (_command, events) => {
        this.watches.set(id, events);
        return () => this.stopped.push(id);
      },
    };
  }

  async #answer(balancerId: string, asked: string): Promise<PeerAnswer> {
    this.asked.push(`${balancerId} ${asked}`);
    const says = this.#says.get(balancerId) as Says;
    if (typeof says === 'string') return { balancerId, command: says === 'has' ? running : null };
    if ('as' in says) return { balancerId: says.as, command: null };
    throw says;
  }
}

describe('a command whose id names its balancer', () => {
  it('is asked for at that one alone', async () => {
    const others = new Others({ [one]: 'has', [two]: 'has' });
    const ref = madeBy(two);
    expect(await others.commands().find(ref)).toBe(running);
    expect(await others.commands().cancel(ref, 'not needed')).toBe(running);
    expect(others.asked).toEqual([`${two} get`, `${two} cancel: not needed`]);
  });

  it('is not found where that one does not keep it', async () => {
    const others = new Others({ [one]: 'has not', [two]: errorOf('INTERNAL') });
    await expect(others.commands().find(madeBy(one))).rejects.toMatchObject({ code: 'COMMAND_NOT_FOUND' });
  });

  it('is not found where that one is gone, and the message says so', async () => {
    const others = new Others({ [one]: 'has' });
    const asked = others.commands().find(madeBy(two));
    await expect(asked).rejects.toMatchObject({ code: 'COMMAND_NOT_FOUND' });
    await expect(asked).rejects.toThrow(`balancer "${two}", which took the direct command`);
    expect(others.asked).toEqual([]);
  });

  it.each<[string, Says]>([
    ['does not answer', errorOf('DEADLINE_EXCEEDED')],
    ['is stopping', errorOf('SHUTTING_DOWN')],
    ['has its address taken by another one', { as: three }],
  ])('is unknown where that one %s, and the message names it', async (_what, says) => {
    const asked = new Others({ [one]: says }).commands().find(madeBy(one));
    await expect(asked).rejects.toMatchObject({ code: 'BALANCER_UNAVAILABLE' });
    await expect(asked).rejects.toThrow(`balancer "${one}" at ${one}`);
  });

  it.each([madeBy(own), refOf('d-1')])('is nowhere else, and nobody is asked: %j', async (ref) => {
    const others = new Others({ [one]: 'has' });
    await expect(others.commands().find(ref)).rejects.toMatchObject({ code: 'COMMAND_NOT_FOUND' });
    await expect(others.commands().cancel(ref, '')).rejects.toMatchObject({ code: 'COMMAND_NOT_FOUND' });
    expect(others.asked).toEqual([]);
  });
});

describe('a command whose id its caller has chosen', () => {
  it('is found at whichever balancer has it, although others do not answer', async () => {
    const others = new Others({ [one]: 'has not', [two]: 'has', [three]: errorOf('INTERNAL') });
    expect(await others.commands().find(chosen)).toBe(running);
    expect(others.asked).toEqual([`${one} get`, `${two} get`, `${three} get`]);
    expect(await others.commands().cancel(chosen, '')).toBe(running);
  });

  it('is not found where all say so, or there are no others', async () => {
    for (const others of [new Others({ [one]: 'has not', [two]: 'has not' }), new Others({})]) {
      await expect(others.commands().find(chosen)).rejects.toMatchObject({ code: 'COMMAND_NOT_FOUND' });
    }
  });

  it('is unknown where one does not answer and nobody has it', async () => {
    const asked = new Others({ [one]: 'has not', [two]: errorOf('DEADLINE_EXCEEDED') }).commands().find(chosen);
    await expect(asked).rejects.toMatchObject({ code: 'BALANCER_UNAVAILABLE' });
    await expect(asked).rejects.toThrow(`balancer "${two}" at ${two}`);
  });
});

it('is unknown while the registry does not answer', async () => {
  const away = new PushfleetError('REGISTRY_UNAVAILABLE', 'away');
  const balancers = { list: () => Promise.reject(away) };
  const commands = new PeerCommands({ balancerId: own, balancers, peerAt: () => expect.unreachable() });
  await expect(commands.find(chosen)).rejects.toBe(away);
});

it('has 1,000 questions in flight at most, and room again once they are answered', async () => {
  const { promise, resolve } = Promise.withResolvers<[]>();
  const commands = new PeerCommands({
    ...{ balancerId: own, balancers: { list: () => promise }, peerAt: () => expect.unreachable() },
  });
  const asked = Array.from({ length: 1_000 }, () => commands.find(chosen).catch(({ code }) => code));
  await expect(commands.find(chosen)).rejects.toMatchObject({ code: 'OVERLOADED' });
  resolve([]);
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['COMMAND_NOT_FOUND']));
  await expect(commands.find(chosen)).rejects.toMatchObject({ code: 'COMMAND_NOT_FOUND' });
});

describe('a watch', () => {
  const open = async (others: Others, ref = chosen) => {
    const call = new FakeCall();
    const stream = new ServerStream<admin.CommandRecordInit, unknown>({
      ...{ call: call as never, capacity: 1, whenFull: 'drop oldest', batchItems: 1 },
      toMessage: ([command]) => command,
    });
    await others.commands().watch(ref, stream);
    return { call, events: others.watches.get(one) as PeerWatchEvents };
  };

  it('passes on what the balancer says that has the command, to the end', async () => {
    const others = new Others({ [one]: 'has', [two]: 'has not' });
    const { call, events } = await open(others);
    expect([...others.watches.keys()]).toEqual([one]);
    events.onAnswer({ balancerId: one, command: running });
    events.onAnswer({ balancerId: one, command: succeeded });
    events.onEnd();
    expect(call.written).toEqual([running, succeeded]);
    expect([call.isEnded, call.error]).toEqual([true, undefined]);
  });

  it.each<[string, (events: PeerWatchEvents) => void, object]>([
    ['that one is lost', (events) => events.onEnd(errorOf('INTERNAL')), { code: 14 }],
    ['that one forgets the command', (events) => events.onEnd(errorOf('COMMAND_NOT_FOUND')), { code: 5 }],
    ['it ends before the command', (events) => events.onEnd(), { code: 5 }],
  ])('fails where %s', async (_what, act, error) => {
    const { call, events } = await open(new Others({ [one]: 'has' }));
    events.onAnswer({ balancerId: one, command: running });
    act(events);
    expect(call.error).toMatchObject(error);
  });

  it('ends at the other balancer when its caller leaves', async () => {
    const others = new Others({ [one]: 'has' });
    const { call, events } = await open(others);
    call.emit('cancelled');
    await Promise.resolve();
    expect(others.stopped).toEqual([one]);
    events.onEnd(errorOf('INTERNAL'));
    expect(call.error).toBeUndefined();
  });
});

class FakeCall extends EventEmitter {
  readonly cancelled = false;
  readonly written: unknown[] = [];
  isEnded = false;
  error: object | undefined;

  constructor() {
    super();
    this.on('error', (error) => {
      this.error = error;
    });
  }

  write(message: unknown): boolean {
    this.written.push(message);
    return true;
  }

  end(): void {
    this.isEnded = true;
  }
}
