import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type admin, PushfleetError } from '@pushfleet/protocol';
import { visibleText } from '@pushfleet/runtime';
import { InvalidArgumentError } from 'commander';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { describeStanding, renderCommand, renderCommands } from '../commands/render.ts';
import { renderDevices, toDeviceRow } from '../devices/render.ts';
import { renderPoints, toPointRow } from '../distribution-points/render.ts';
import { describeEvent } from '../events/command.ts';
import { describeDeviceOutcome, renderGroupPush, renderGroupPushes } from '../group-pushes/render.ts';
import { renderResult, resultOf } from '../outcomes/render.ts';
import { createProgram } from '../program.ts';
import { CommandFailure, describeFailure, reportFailure } from './failure.ts';
import { createStatusLine, plain, print, printJson, printJsonLine, say } from './print.ts';

const status = (text: string): admin.CommandRecord['status'] => ({
  outcome: 'OUTCOME_RUNNING',
  reason: text,
  atMs: Number.MAX_SAFE_INTEGER,
  output: Buffer.from(''),
  progress: { percent: 40, message: text },
  statistics: { counters: { [text]: 2 }, atMs: Number.MAX_SAFE_INTEGER },
  alreadyEnded: false,
  cancelRequested: true,
});
const record = (text: string): admin.CommandRecord => ({
  commandId: text,
  deviceId: text,
  operation: { kind: 'runTask', runTask: { taskId: text, parameters: {} } },
  status: status(text),
  nodeId: text,
  durable: true,
  priority: 'PRIORITY_HIGH',
  collapseKey: text,
  idempotencyKey: text,
  acceptedAtMs: Number.MAX_SAFE_INTEGER,
  routedAtMs: 0,
  deliveredAtMs: 0,
  runningAtMs: 0,
  deliverByMs: 0,
  finishByMs: 0,
});
const groupPush = (text: string): admin.GroupPush =>
  ({
    groupPushId: text,
    request: { group: text, labels: { [text]: text }, operation: record(text).operation, pace: null, delivery: null },
    state: 'GROUP_PUSH_STATE_ABORTED',
    reason: text,
    devices: 1,
    allFound: true,
    counts: [{ outcome: 'OUTCOME_FAILED', devices: 1 }],
    startedAtMs: Number.MAX_SAFE_INTEGER,
    endedAtMs: 1,
  }) as unknown as admin.GroupPush;
const session = (text: string) => ({ nodeId: text, workerId: text, link: text, epoch: 1, openedAtMs: 0 });
const device = (text: string) =>
  toDeviceRow({
    deviceId: text,
    group: text,
    labels: { [text]: text },
    linkKinds: [text],
    session: session(text),
  } as unknown as admin.Device);
const point = (text: string) =>
  toPointRow(
    { distributionPointId: text, groups: [text], pushServer: { address: text } } as admin.DistributionPoint,
    { status: 'NODE_STATUS_READY', problem: 'NODE_PROBLEM_PORT_IN_USE', problemDetail: text } as admin.Node,
  );
const event = (text: string) =>
  ({
    kind: 'EVENT_KIND_DEVICE_MOVED',
    atMs: Number.MAX_SAFE_INTEGER,
    deviceId: text,
    nodeId: text,
    workerId: text,
    epoch: 1,
    reason: text,
    tunnel: { target: text, bytesToDevice: 1, bytesFromDevice: 1 },
  }) as admin.Event;
const outcome = (text: string) =>
  ({ deviceId: text, outcome: 'OUTCOME_FAILED', reason: text }) as unknown as admin.DeviceOutcome;
const entry = (text: string) => ({ id: text, outcome: 'FAILED' as const, reason: text, output: text, commandId: text });

/** Every way from what a device or a file says to a terminal. */
const renderers: Record<string, (text: string) => string> = {
  'a list of devices': (text) => renderDevices([device(text)]),
  'distribution points': (text) => renderPoints([point(text)]),
  'an event': (text) => describeEvent(event(text)),
  'where a command stands': (text) => describeStanding(record(text)),
  'a command': (text) => renderCommand(record(text)),
  'a list of commands': (text) => renderCommands([record(text)], 0, plain),
  'the outcome of a device': (text) => describeDeviceOutcome(outcome(text)),
  'a group push': (text) => renderGroupPush(groupPush(text)),
  'a list of group pushes': (text) => renderGroupPushes([groupPush(text)], 0, plain),
  'the outcomes of a push': (text) => renderResult(resultOf([entry(text)], 'finished'), plain),
};

const hostile = fc
  .array(
    fc.constantFrom(
      '\x1b[31m',
      '\x1b]0;x\x07',
      '\x9b2J',
      '\n',
      '\r',
      '\x08',
      '\x7f',
      '\u202e',
      '\u2028',
      '\ufeff',
      '\ud83d',
      'a',
      ' ',
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
/** Nothing that a terminal would obey, but for line ends. */
const assertHarmless = (shown: string) => {
  const [lines, visible] = [shown.split('\n'), shown.split('\n').map(visibleText)];
  expect(lines).toEqual(visible);
};

describe('what a device or a file says', () => {
  it.each(Object.entries(renderers))('forges neither lines nor escape sequences in %s', (_where, render) => {
    const usual = render('x').split('\n').length;
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = render(`x${text}`);
        assertHarmless(shown);
        expect(shown.split('\n')).toHaveLength(usual);
      }),
    );
  });

  it('may have several lines where it is an output, each indented', () => {
    const text = 'one\r\npushfleet: two\x1b[2J\nthree';
    const shown = renderCommand({ ...record('x'), status: { ...status('x'), output: Buffer.from(text) } as never });
    expect(shown).toContain(`one\n${' '.repeat(17)}pushfleet: two\\x1b[2J\n${' '.repeat(17)}three`);
    for (const failure of [new CommandFailure(text), new PushfleetError('TUNNEL_REFUSED', text), new Error(text)]) {
      const [, ...more] = describeFailure(failure).split('\n');
      for (const line of more) expect(line).toMatch(/^ {2}/);
      assertHarmless(more.join('\n'));
    }
  });
});

describe('the terminal', () => {
  afterEach(() => vi.restoreAllMocks());

  /** The text that is written to both streams meanwhile. */
  async function written(work: () => unknown): Promise<string> {
    const pieces: string[] = [];
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, 'write').mockImplementation((text) => Boolean(pieces.push(String(text))));
    }
    await work();
    vi.restoreAllMocks();
    return pieces.join('');
  }

  const ways: Record<string, (text: string) => unknown> = {
    print,
    say,
    printJson: (text) => printJson({ [text]: text }),
    printJsonLine: (text) => printJsonLine([text]),
    reportFailure: (text) => {
      reportFailure(new CommandFailure(text));
      process.exitCode = 0;
    },
    'a message of commander': (text) =>
      createProgram({ environment: {}, stop: () => new AbortController().signal })
        .exitOverride()
        .parseAsync(['node', 'pushfleet', `x${text}`])
        .catch(() => undefined),
  };

  it.each(Object.entries(ways))(
    'gets nothing from %s that it would obey, but colours and line ends',
    async (_way, show) => {
      await fc.assert(
        fc.asyncProperty(hostile, async (text) => {
          const shown = await written(() => show(text));
          assertHarmless(shown.replaceAll('\x1b[31m', ''));
        }),
      );
    },
  );

  it('gets a line of progress that stays on its line', () => {
    const pieces: string[] = [];
    const stream = { isTTY: true, columns: 40, write: (text: string) => pieces.push(text) };
    createStatusLine(stream as unknown as NodeJS.WriteStream).show('a\n\x1b[2Jb');
    expect(pieces).toEqual(['\r\x1b[Ka\\n\\x1b[2Jb']);
  });

  it('keeps JSON what it is', async () => {
    const value = { output: '\x9b31m\x7f\u202e\u2028\x1b' };
    expect(JSON.parse(await written(() => printJson(value)))).toEqual(value);
  });

  it('is written to in this folder alone', () => {
    const root = join(import.meta.dirname, '..');
    const writers = globSync('**/*.ts', { cwd: root, exclude: ['**/*.test.ts', 'output/**'] }).filter((file) =>
      /(stdout|stderr|stream)\)?\.write\(|console\.|JSON\.stringify\(.*print|print\(.*JSON\.stringify/.test(
        readFileSync(join(root, file), 'utf8'),
      ),
    );
    expect(writers).toEqual([]);
  });

  it('gets what an option was given in the words of commander, harmless', async () => {
    const error = new InvalidArgumentError('It must be a whole number.');
    expect(error.message).toBe('It must be a whole number.');
    const shown = await written(() =>
      createProgram({ environment: {}, stop: () => new AbortController().signal })
        .parseAsync(['node', 'pushfleet', 'events', '--count', '\x1b[2J'])
        .catch(() => undefined),
    ).catch(String);
    assertHarmless(shown);
  });
});
