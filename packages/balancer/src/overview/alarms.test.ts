import type { admin, DeviceId, GroupPath, NodeId } from '@pushfleet/protocol';
import type { DistributionPoint } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import type { JudgedNode } from '../node-directory.ts';
import { AlarmLog, type Facts, findAlarms } from './alarms.ts';
import { nodeLoads } from './node-loads.ts';

const wallMs = 1_800_000_000_000;
const days = 86_400_000;

function node(id: string, change: Partial<JudgedNode> = {}): JudgedNode {
  const sound = { status: 'ready', liveness: 'alive', silentMs: 0, live: 50, reserved: 0, capacity: 100, weight: 100 };
  return { nodeId: id as NodeId, overloaded: false, acceptsPerSecond: 400, ...sound, ...change } as JudgedNode;
}

function point(id: string, enabled = true): DistributionPoint {
  const pushServer = { enabled, port: 13_295, address: id, maxConnections: 100, weight: 100 };
  return { id: id as NodeId, groups: ['HQ' as GroupPath], pushServer };
}

const facts = (change: Partial<Facts> = {}): Facts => ({
  ...{ nodes: [node('dp-1')], points: [point('dp-1')], balancers: [], registryProblem: undefined },
  ...{ registryFindings: [], wallMs, ...change },
});
const kinds = (change: Partial<Facts>) => findAlarms(facts(change)).map(({ kind, subject }) => `${kind} ${subject}`);
const problem = (kind: NonNullable<JudgedNode['problem']>['kind']) => ({ kind, detail: 'because', impairs: false });

describe('alarms', () => {
  const gone = { liveness: 'dead', silentMs: 20_000 } as const;
  const clone = { device: 'd-1' as DeviceId, atMs: wallMs - 5_000, reason: '4 takeovers within a minute' };
  const status = (certificateEndTimeMs: number) => ({ balancerId: 'b', commandsEnded: {}, certificateEndTimeMs });

  it.each<[string, Partial<Facts>, string[]]>([
    ['nothing is wrong', {}, []],
    [
      'the registry does not answer',
      { registryProblem: 'the registry does not answer' },
      ['ALARM_REGISTRY_LOST registry'],
    ],
    [
      'the registry came back empty, as two push servers have seen',
      { nodes: ['dp-1', 'dp-2'].map((id) => node(id, { sightings: { clones: [], registryLostAtMs: wallMs } })) },
      ['ALARM_REGISTRY_LOST registry'],
    ],
    ['its store evicts what it is given', { registryFindings: ['evicts'] }, ['ALARM_REGISTRY_UNFIT registry']],
    ['a push server is dead', { nodes: [node('dp-1', gone)] }, ['ALARM_PUSH_SERVER_LOST dp-1']],
    ['one is dead that is switched off', { nodes: [node('dp-1', gone)], points: [point('dp-1', false)] }, []],
    ['one is dead that is deleted', { nodes: [node('dp-1', gone)], points: [] }, []],
    [
      'one is dead, and settings are not known',
      { nodes: [node('dp-1', gone)], points: undefined },
      ['ALARM_PUSH_SERVER_LOST dp-1'],
    ],
    ['one was never there', { nodes: [] }, ['ALARM_PUSH_SERVER_LOST dp-1']],
    ['one is not there and switched off', { nodes: [], points: [point('dp-1', false)] }, []],
    ['its port is taken', { nodes: [node('dp-1', { problem: problem('port-in-use') })] }, ['ALARM_PORT_IN_USE dp-1']],
    [
      'its settings cannot be followed',
      { nodes: [node('dp-1', { problem: problem('failed') })] },
      ['ALARM_PUSH_SERVER_PROBLEM dp-1'],
    ],
    [
      'its certificate has another name',
      { nodes: [node('dp-1', { problem: problem('certificate-name-mismatch') })] },
      ['ALARM_PUSH_SERVER_PROBLEM dp-1'],
    ],
    [
      'its certificate has ended, as it says twice',
      { nodes: [node('dp-1', { problem: problem('certificate-expired'), certificateEndsAtMs: wallMs - 1 })] },
      ['ALARM_CERTIFICATE_ENDING dp-1'],
    ],
    [
      'its certificate ends soon',
      { nodes: [node('dp-1', { certificateEndsAtMs: wallMs + 30 * days })] },
      ['ALARM_CERTIFICATE_ENDING dp-1'],
    ],
    ['its certificate ends later', { nodes: [node('dp-1', { certificateEndsAtMs: wallMs + 30 * days + 1 })] }, []],
    ['that of a balancer ends soon', { balancers: [status(wallMs + days)] }, ['ALARM_CERTIFICATE_ENDING b']],
    ['a balancer does not say when its ends', { balancers: [status(0)] }, []],
    [
      'a balancer does not answer',
      { balancers: [{ balancerId: 'b', problem: 'silent' }] },
      ['ALARM_BALANCER_UNREACHABLE b'],
    ],
    ['too many devices come', { nodes: [node('dp-1', { overloaded: true })] }, ['ALARM_OVERLOADED dp-1']],
    [
      'a device is on two push servers in turn',
      { nodes: ['dp-1', 'dp-2'].map((id) => node(id, { sightings: { clones: [clone] } })) },
      ['ALARM_CLONE_SUSPECTED d-1'],
    ],
  ])('where %s', (_case, change, expected) => expect(kinds(change)).toEqual(expected));

  it('say since when: by what is known, else since they were found; and begin anew once they were off', () => {
    const log = new AlarmLog();
    const raise = (change: Partial<Facts>, nowMs: number) =>
      log.update(findAlarms(facts(change)), nowMs, wallMs + nowMs).map(({ startTimeMs }) => startTimeMs - wallMs);
    expect(raise({ nodes: [node('dp-1', gone)] }, 0)).toEqual([-20_000]);
    expect(raise({ nodes: [node('dp-1', { ...gone, silentMs: 25_000 })] }, 5_000)).toEqual([-20_000]);
    const overloaded = { nodes: [node('dp-1', { overloaded: true })] };
    expect(raise(overloaded, 10_000)).toEqual([10_000]);
    expect(raise(overloaded, 12_000)).toEqual([10_000]);
    expect(raise({}, 14_000)).toEqual([]);
    expect(raise(overloaded, 16_000)).toEqual([16_000]);
  });

  it('are raised for a push server that is not registered only after ten seconds: it may be starting anew', () => {
    const log = new AlarmLog();
    const raise = (nowMs: number) => log.update(findAlarms(facts({ nodes: [] })), nowMs, wallMs + nowMs);
    expect(raise(0)).toEqual([]);
    expect(raise(9_999)).toEqual([]);
    expect(raise(10_000)).toMatchObject([{ kind: 'ALARM_PUSH_SERVER_LOST', startTimeMs: wallMs }]);
  });
});

describe('loads of push servers', () => {
  it.each<[string, Partial<JudgedNode>, admin.NodeCondition[]]>([
    ['is sound', {}, []],
    [
      'drains and is overloaded',
      { status: 'draining', overloaded: true },
      ['NODE_CONDITION_DRAINING', 'NODE_CONDITION_OVERLOADED'],
    ],
    ['is silent', { liveness: 'suspect' }, ['NODE_CONDITION_SUSPECT']],
    ['is dead', { liveness: 'dead', overloaded: true }, ['NODE_CONDITION_LOST']],
    ['is full', { live: 90, reserved: 10 }, ['NODE_CONDITION_FULL']],
    [
      'is unreachable',
      { status: 'unreachable', problem: problem('wrong-server') },
      ['NODE_CONDITION_UNREACHABLE', 'NODE_CONDITION_PROBLEM'],
    ],
  ])('say what holds of one that %s', (_case, change, conditions) => {
    expect(nodeLoads([node('dp-1', change)], [point('dp-1')])).toMatchObject([{ nodeId: 'dp-1', conditions }]);
  });

  it('have those that are to run and are not registered, in the order of ids', () => {
    const loads = nodeLoads([node('dp-2')], [point('dp-1'), point('dp-2'), point('dp-3', false)]);
    expect(loads).toMatchObject([
      { nodeId: 'dp-1', conditions: ['NODE_CONDITION_LOST'] },
      { nodeId: 'dp-2', live: 50 },
    ]);
    expect(loads).toHaveLength(2);
  });
});
