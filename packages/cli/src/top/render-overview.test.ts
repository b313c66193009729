import { PassThrough } from 'node:stream';
import type { admin } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { plain } from '../output/print.ts';
import { Screen } from '../output/screen.ts';
import { renderOverview } from './render-overview.ts';

const node = (nodeId: string, change: Partial<admin.NodeLoad> = {}): admin.NodeLoad => ({
  ...{ nodeId, distributionPointId: nodeId, status: 'NODE_STATUS_READY', live: 500, capacity: 1_000 },
  ...{ conditions: [], reserved: 0, weight: 100 },
  ...change,
});
const overview = (change: Partial<admin.Overview> = {}): admin.Overview => ({
  ...{ sampleTimeMs: Date.UTC(2026, 10, 25, 12, 30, 5), links: 1_000, capacity: 2_000, spread: 1.25 },
  ...{ nodes: [node('dp-1'), node('dp-2')], commandsPerSecond: {}, alarms: [] },
  ...change,
});
const room = { columns: 80, rows: 24 };
const look = { wallMs: Date.UTC(2026, 10, 25, 12, 32, 6), ageMs: 100 };
const alarm = (subject: string, detail = ''): admin.ActiveAlarm => ({
  ...{ kind: 'ALARM_PUSH_SERVER_LOST', subject, detail, startTimeMs: Date.UTC(2026, 10, 25, 12, 30, 5) },
});

describe('the overview on a terminal', () => {
  it('shows links, rates by outcome, alarms, and the load of each push server', () => {
    const commandsPerSecond = { OUTCOME_FAILED: 0.25, OUTCOME_SUCCEEDED: 812.4, OUTCOME_EXPIRED: 0 };
    const nodes = [node('dp-1'), node('dp-2', { live: 950, conditions: ['NODE_CONDITION_OVERLOADED'] })];
    const shown = overview({ commandsPerSecond, nodes, alarms: [alarm('dp-3', 'silent for 20 s')] });
    expect(renderOverview(shown, look, room, plain)).toEqual([
      'links 1000 of 2000 (50%)  spread 1.25  12:30:05Z',
      'commands  SUCCEEDED 812/s  FAILED 0.3/s',
      'alarm   push server lost  dp-3 (2m)  silent for 20 s',
      '',
      'NODE              STATUS        LINKS CAPACITY  LOAD',
      'dp-2              ready           950     1000  [##########]   95%  overloaded',
      'dp-1              ready           500     1000  [#####.....]   50%',
    ]);
  });

  it('says what there is not', () => {
    const [, rates, alarms, , nodes] = renderOverview(overview({ nodes: [] }), look, room, plain);
    expect([rates, alarms, nodes]).toEqual(['commands  none end', 'alarms    none', 'No push server is registered.']);
  });

  it('says for how long nobody has answered', () => {
    expect(renderOverview(overview(), { ...look, ageMs: 7_000 }, room, plain)[0]).toMatch(/ {2}no answer for 7s$/);
  });

  it.each([
    [80, 24],
    [40, 10],
    [20, 5],
    [1, 1],
    [300, 100],
  ])('fits %i columns and %i rows, whatever there is to show', (columns, rows) => {
    const nodes = Array.from({ length: 60 }, (_, at) => node(`a-very-long-distribution-point-${at}`));
    nodes[50] = node('gone', { status: 'NODE_STATUS_DEAD', conditions: ['NODE_CONDITION_LOST'] });
    const alarms = Array.from({ length: 9 }, (_, at) => alarm(`dp-${at}`, 'x'.repeat(400)));
    const lines = renderOverview(overview({ nodes, alarms }), look, { columns, rows }, plain);
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns);
    if (rows >= 10) expect(lines.some((line) => line.startsWith('gone'))).toBe(true);
    if (rows === 24) expect(lines.at(-1)).toMatch(/^and \d+ more$/);
  });

  it('shows as text what devices and newer balancers say', () => {
    const alarms = [{ ...alarm('a\x1b[2J', 'b\nc'), kind: 99 as unknown as admin.Alarm }];
    const [, , line] = renderOverview(overview({ alarms }), look, room, plain);
    expect(line).toContain('unknown (99)  a\\x1b[2J (2m)  b\\nc');
  });
});

describe('the screen', () => {
  function open() {
    const written: string[] = [];
    const modes: boolean[] = [];
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (mode: boolean) => modes.push(mode) });
    const output = Object.assign(new PassThrough(), { columns: 80, rows: 24 });
    output.on('data', (chunk: Buffer) => written.push(chunk.toString()));
    let quits = 0;
    const options = { input, output, onQuit: () => (quits += 1), onResize: () => undefined };
    const screen = new Screen(options as unknown as ConstructorParameters<typeof Screen>[0]);
    return { screen, input, output, written, modes, quits: () => quits };
  }

  it('leaves the terminal as it was, once', () => {
    const { screen, written, modes, output } = open();
    screen.draw(['a\x1b[2J', 'b']);
    screen[Symbol.dispose]();
    screen[Symbol.dispose]();
    screen.draw(['too late']);
    expect(written.join('')).toBe(
      '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[H\x1b[2J\x1b[Ha\\x1b[2J\x1b[K\r\nb\x1b[K\x1b[J\x1b[?7h\x1b[?25h\x1b[?1049l',
    );
    expect(modes).toEqual([true, false]);
    expect(output.listenerCount('resize')).toBe(0);
  });

  it.each([['q'], ['Q'], ['\x03'], ['xxq']])('is left with %j', async (key) => {
    const { screen, input, quits } = open();
    input.emit('data', Buffer.from('x'));
    expect(quits()).toBe(0);
    input.emit('data', Buffer.from(key));
    expect(quits()).toBe(1);
    screen[Symbol.dispose]();
  });
});
