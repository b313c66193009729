import { parseNodeId } from '@pushfleet/protocol';
import type { MaintenancePhase, MaintenanceRecord } from '@pushfleet/registry';
import { describe, expect, it } from 'vitest';
import { keepsDevicesOff, type MaintainedState, type MaintenanceStep, planMaintenance } from './maintenance-plan.ts';

function ordered(kind: MaintenanceRecord['kind'], phase: MaintenancePhase): MaintenanceRecord {
  const progress = { moved: 0, remaining: 0, startedAtMs: 1 };
  return { nodeId: parseNodeId('dp-1'), id: 'm1', kind, phase, ratePerSecond: 200, deadlineMs: 300_000, ...progress };
}

const serving: MaintainedState = { evacuating: false, live: 5, overdue: false };
const evacuating: MaintainedState = { ...serving, evacuating: true };
const empty: MaintainedState = { ...evacuating, live: 0 };
const fresh: MaintainedState = { evacuating: false, live: 0, overdue: false };

const cases: [string, MaintenanceRecord | undefined, MaintainedState, MaintenanceStep | undefined][] = [
  ['has nothing to do without one', undefined, serving, undefined],
  ['takes devices again when it is cancelled', undefined, evacuating, { kind: 'resume' }],
  ['begins to send devices away', ordered('drain', 'requested'), serving, { kind: 'evacuate', phase: 'moving' }],
  ['tells how it goes', ordered('drain', 'moving'), evacuating, { kind: 'report', phase: 'moving' }],
  ['closes the rest at the deadline', ordered('drain', 'moving'), { ...evacuating, overdue: true }, closing()],
  ['ends a drain once nobody is left', ordered('drain', 'moving'), empty, { kind: 'report', phase: 'done' }],
  ['ends a drain whose rest was closed', ordered('drain', 'waiting'), empty, { kind: 'report', phase: 'done' }],
  ['stays drained', ordered('drain', 'done'), empty, undefined],
  ['restarts once nobody is left', ordered('restart', 'moving'), empty, { kind: 'report', phase: 'restarting' }],
  ['replaces the workers', ordered('restart', 'restarting'), empty, { kind: 'replace-workers' }],
  ['takes devices again after a restart', ordered('restart', 'done'), empty, { kind: 'resume' }],
  ['has nothing to do after a restart', ordered('restart', 'done'), serving, undefined],
  // A supervisor that has just started, and finds what another one began.
  ['continues a drain', ordered('drain', 'moving'), fresh, { kind: 'evacuate', phase: 'moving' }],
  ['continues at the deadline', ordered('drain', 'waiting'), fresh, { kind: 'evacuate', phase: 'waiting' }],
  ['stays drained after a start', ordered('drain', 'done'), fresh, { kind: 'evacuate', phase: 'done' }],
  ['takes its own start for the restart', ordered('restart', 'restarting'), fresh, { kind: 'resume', phase: 'done' }],
];

function closing(): MaintenanceStep {
  return { kind: 'close-links', phase: 'waiting' };
}

describe('the next step of a maintenance', () => {
  it.each(cases)('%s', (_name, record, maintained, step) => {
    expect(planMaintenance(record, maintained)).toEqual(step);
  });
});

describe('a maintenance keeps a push server from taking devices', () => {
  it.each([
    ['drain', 'requested', true],
    ['drain', 'done', true],
    ['restart', 'restarting', true],
    ['restart', 'done', false],
  ] as const)('%s, %s: %s', (kind, phase, held) => {
    expect(keepsDevicesOff(ordered(kind, phase))).toBe(held);
  });

  it('none: false', () => {
    expect(keepsDevicesOff(undefined)).toBe(false);
  });
});
