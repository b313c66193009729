import { expect, it } from 'vitest';
import type { AssignAnswer } from './assigner.ts';
import { type DeviceSurroundings, LeanDevice } from './lean-device.ts';
import { brokenEnd, endFor, type LeanLink, type LinkEnd, type LinkEvents, type ServerAddress } from './link.ts';

const one: ServerAddress = { nodeId: 'dp-1', address: '127.0.0.1', port: 1 };
const two: ServerAddress = { nodeId: 'dp-2', address: '127.0.0.1', port: 2 };
const assigned: AssignAnswer = {
  kind: 'assigned',
  servers: [one, two],
  ticket: 't',
  goodForMs: 60_000,
  connectAfterMs: 0,
  returnWithinMs: 0,
};

/** A device with nothing around it: what it asks for is seen, and answered by hand. */
class Around implements DeviceSurroundings {
  nowMs = 1_000;
  keepAliveMs = 30_000;
  patienceMs = 10_000;
  ignoreConnectAfter = false;
  resumption = true;
  dueMs: number | undefined;
  readonly seen: string[] = [];
  readonly opened: string[] = [];
  answer: (answer: AssignAnswer) => void = () => {};
  end: (end: LinkEnd) => void = () => {};
  events!: LinkEvents;

  random = () => 0.5;
  nowUs = () => this.nowMs * 1_000;
  schedule(_device: LeanDevice, delayMs: number) {
    this.dueMs = this.nowMs + delayMs;
  }
  unschedule() {
    this.dueMs = undefined;
  }
  ask(_device: LeanDevice, unreachable: readonly string[], onAnswer: (answer: AssignAnswer) => void) {
    this.seen.push(`ask ${unreachable.join()}`.trim());
    this.answer = onAnswer;
    return () => this.seen.push('gave up');
  }
  open(_device: LeanDevice, server: ServerAddress, _ticket: string, events: LinkEvents): LeanLink {
    this.opened.push(server.nodeId);
    this.events = events;
    return {
      ping: () => this.seen.push('ping'),
      answer: () => {},
      close: () => this.seen.push('close'),
      cut: (end) => events.onEnd(end),
    };
  }
  permits = (address: string) => address.startsWith('127.');
  onOffered = () => this.seen.push('offered');
  onAssigned = () => {};
  onSecure = () => {};
  onConnected = (tookUs: number, returned: boolean) =>
    this.seen.push(`${returned ? 'returned' : 'in'} after ${tookUs / 1_000}`);
  onFailed = (step: string, reason: string) => this.seen.push(`${step} failed: ${reason}`);
  onLost = (reason: string) => this.seen.push(`lost: ${reason}`);
  onClosed = () => this.seen.push('closed');
  onCommand = () => true;

  /** Lets time pass until the device's deadline. */
  due(device: LeanDevice): void {
    this.nowMs = this.dueMs ?? this.nowMs;
    device.onDue();
  }
}

function start() {
  const around = new Around();
  const device = new LeanDevice(around, 0, 'load-0', 'mqtt5');
  device.startIn(0);
  around.due(device);
  return { around, device };
}

function connected() {
  const { around, device } = start();
  around.answer(assigned);
  device.onUp(30_000);
  around.seen.length = 0;
  return { around, device };
}

it('asks, connects, and counts its time from when it was to come', () => {
  const { around, device } = start();
  around.nowMs += 40;
  around.answer(assigned);
  around.nowMs += 60;
  device.onUp(30_000);
  expect(around.seen).toEqual(['offered', 'ask', 'in after 100']);
  expect(device.state).toBe('up');
});

it.each([
  [false, 5_000],
  [true, 0],
])('comes in its turn, unless it takes no notice (%s)', (ignoreConnectAfter, waitMs) => {
  const { around, device } = start();
  around.ignoreConnectAfter = ignoreConnectAfter;
  around.answer({ ...assigned, connectAfterMs: 5_000 });
  if (waitMs > 0) {
    expect([device.state, around.opened, around.dueMs]).toEqual(['paced', [], around.nowMs + waitMs]);
    around.due(device);
  }
  expect(around.opened).toEqual(['dp-1']);
});

it.each([
  ['at a moment of its own within the time that all devices take', 40_000, 20_000],
  ['without that wait where its ticket would have run out', 140_000, 1_000],
])('goes to a backup where its push server is lost, %s', (_how, returnWithinMs, waitMs) => {
  const { around, device } = start();
  around.answer({ ...assigned, returnWithinMs });
  device.onUp(30_000);
  around.nowMs += 20_000;
  device.onEnd(brokenEnd());
  around.due(device);
  device.onEnd(brokenEnd());
  expect(around.dueMs).toBe(around.nowMs + waitMs);
  around.due(device);
  expect(around.opened).toEqual(['dp-1', 'dp-1', 'dp-2']);
  device.onEnd(brokenEnd());
  expect(around.dueMs).toBe(around.nowMs + 2_000);
  around.due(device);
  expect(around.seen.at(-1)).toBe('ask dp-1,dp-2');
});

it('gives up a balancer that does not answer in time, and asks again later', () => {
  const { around, device } = start();
  around.due(device);
  expect(around.seen).toEqual(['offered', 'ask', 'gave up', 'assign failed: timeout']);
  const begunMs = around.nowMs;
  around.due(device);
  expect(around.nowMs - begunMs).toBe(500);
  expect(around.seen.slice(-2)).toEqual(['offered', 'ask']);
});

it('begins anew where a push server lets it wait', () => {
  const { around, device } = start();
  around.answer(assigned);
  around.due(device);
  around.due(device);
  expect(around.seen.slice(-3)).toEqual(['connect failed: timeout', 'offered', 'ask dp-1']);
});

it('waits as long as a balancer asks for, and its own time on top', () => {
  const { around } = start();
  around.answer({ kind: 'refused', reason: 'NO_CAPACITY', detail: '', retryAfterMs: 3_000 });
  expect(around.dueMs).toBe(around.nowMs + 3_500);
});

it('waits for its turn with the same jitter, however often it is told to come later', () => {
  const { around, device } = start();
  const refusal = { kind: 'refused', reason: 'OVERLOADED', detail: '', retryAfterMs: 3_000 } as const;
  for (let time = 0; time < 5; time += 1) {
    around.answer(refusal);
    expect(around.dueMs).toBe(around.nowMs + 3_500);
    around.due(device);
  }
});

it('goes to a backup with its ticket where its push server is gone', () => {
  const { around, device } = connected();
  device.onEnd(brokenEnd());
  around.due(device);
  expect(around.opened).toEqual(['dp-1', 'dp-1']);
  device.onEnd({ reason: 'ECONNREFUSED', retry: 'same-node', detail: '' });
  around.due(device);
  expect(around.opened).toEqual(['dp-1', 'dp-1', 'dp-2']);
  device.onUp(30_000);
  expect(around.seen[0]).toBe('lost: linkLost');
  expect(around.seen.at(-1)).toMatch(/^returned after/);
});

it('follows a redirect at once', () => {
  const { around, device } = connected();
  device.onEnd(endFor('useAnotherServer', '', two));
  expect(around.dueMs).toBe(around.nowMs);
  around.due(device);
  expect(around.opened.at(-1)).toBe('dp-2');
});

it('stays away where a newer link took over', () => {
  const { around, device } = connected();
  device.onEnd(endFor('sessionTakenOver'));
  expect([device.state, around.dueMs]).toEqual(['gone', undefined]);
});

it('asks for another ticket where its own is refused', () => {
  const { around, device } = connected();
  device.onEnd(endFor('ticketExpired'));
  around.due(device);
  expect(around.seen.at(-1)).toBe('ask');
});

it('pings, and cuts a link on which nothing is heard for two keep-alives', () => {
  const { around, device } = connected();
  around.due(device);
  around.due(device);
  expect(around.seen).toEqual(['ping', 'ping']);
  around.due(device);
  expect(around.seen.slice(2)).toEqual(['lost: serverSilent']);
});

it('leaves and comes back at once where it churns, and is not counted as lost', () => {
  const { around, device } = connected();
  device.leave(true);
  device.onEnd(endFor('goodbye'));
  around.due(device);
  expect(around.seen).toEqual(['close', 'closed', 'offered']);
  expect(around.opened).toHaveLength(2);
});

it('asks where it belongs before it comes back where it has forgotten its ticket', () => {
  const { around, device } = connected();
  device.forgetTicket();
  device.leave(true);
  device.onEnd(endFor('goodbye'));
  around.due(device);
  expect(around.seen).toEqual(['close', 'closed', 'offered', 'ask']);
});

it.each(['assigning', 'connecting', 'waiting'] as const)('leaves for good while it is %s', (state) => {
  const { around, device } = start();
  if (state !== 'assigning') around.answer(assigned);
  if (state === 'waiting') device.onEnd(brokenEnd());
  expect(device.state).toBe(state);
  device.leave(false);
  expect([device.state, around.dueMs]).toEqual(['idle', undefined]);
});

it('does not go to another machine', () => {
  const { around, device } = start();
  around.answer({ ...assigned, servers: [{ ...one, address: '192.0.2.1' }] });
  expect([device.state, around.opened, around.seen.at(-1)]).toEqual(['gone', [], 'connect failed: remoteAddress']);
});
