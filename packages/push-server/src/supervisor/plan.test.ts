import { type GroupPath, parseGroupPath } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { type ActualState, nextStep, type Step, type WantedState } from './plan.ts';

const plan = { workers: 2, capacityPerWorker: 500 };
const groups: GroupPath[] = [parseGroupPath('HQ')];
const settings = { enabled: true, port: 13_295, address: 'dp.example', maxConnections: 1_000, weight: 100 };
const wanted: WantedState = { settings, groups, workers: plan, held: false };
const off: WantedState = { ...wanted, settings: { ...settings, enabled: false } };
const held: WantedState = { ...wanted, held: true };
const otherPort: WantedState = { ...wanted, settings: { ...settings, port: 14_000 } };

const serving: ActualState = {
  workers: plan,
  groups,
  port: 13_295,
  evacuating: undefined,
  evacuated: false,
  refused: undefined,
};
const nothing: ActualState = { ...serving, workers: undefined, groups: [], port: undefined, evacuated: true };
const evacuating: ActualState = { ...serving, port: undefined, evacuating: 'switch-off' };
const maintained: ActualState = { ...evacuating, evacuating: 'maintenance' };
const now = 10_000;

const cases: [string, WantedState | undefined, ActualState, Step | undefined][] = [
  ['does nothing while nobody knows what is wanted', undefined, nothing, undefined],
  ['does nothing while it is switched off', off, nothing, undefined],
  ['starts workers when it is switched on', wanted, nothing, { kind: 'start-workers', plan }],
  ['takes the port once workers run', wanted, { ...serving, port: undefined }, { kind: 'take-port', port: 13_295 }],
  ['has nothing to do while all is well', wanted, serving, undefined],
  ['does nothing for another address', { ...wanted, settings: { ...settings, address: 'x' } }, serving, undefined],
  ['does nothing for another weight', { ...wanted, settings: { ...settings, weight: 50 } }, serving, undefined],
  ['takes a new port while it serves on the former', otherPort, serving, { kind: 'take-port', port: 14_000 }],
  ['leaves a refused port alone', otherPort, { ...serving, refused: { port: 14_000, untilMs: now + 1 } }, undefined],
  [
    'tries a refused port again after a while',
    otherPort,
    { ...serving, refused: { port: 14_000, untilMs: now } },
    { kind: 'take-port', port: 14_000 },
  ],
  [
    'takes another port at once when one was refused',
    otherPort,
    { ...serving, refused: { port: 80, untilMs: now + 1 } },
    { kind: 'take-port', port: 14_000 },
  ],
  [
    'forgets a refusal when the former port is wanted again',
    wanted,
    { ...serving, refused: { port: 14_000, untilMs: now + 1 } },
    { kind: 'forget-refusal' },
  ],
  [
    'resizes for other max connections',
    { ...wanted, workers: { workers: 3, capacityPerWorker: 400 } },
    serving,
    { kind: 'resize', plan: { workers: 3, capacityPerWorker: 400 } },
  ],
  [
    'tells a new scope',
    { ...wanted, groups: [parseGroupPath('HQ/Floor 2')] },
    serving,
    { kind: 'rescope', groups: [parseGroupPath('HQ/Floor 2')] },
  ],
  ['empties before it switches off', off, serving, { kind: 'evacuate' }],
  ['waits while devices leave', off, evacuating, undefined],
  ['ends the workers once nobody is left', off, { ...evacuating, evacuated: true }, { kind: 'stop-workers' }],
  ['stays when it is switched on again meanwhile', wanted, evacuating, { kind: 'cancel-evacuation' }],
  ['takes no port while a maintenance holds it', held, { ...serving, port: undefined }, undefined],
  ['starts workers although a maintenance holds it', held, nothing, { kind: 'start-workers', plan }],
  ['leaves the evacuating to the maintenance', held, maintained, undefined],
  ['switches off in the midst of a maintenance', off, { ...maintained, evacuated: true }, { kind: 'stop-workers' }],
];

describe('the next step of a push server', () => {
  it.each(cases)('%s', (_name, want, actual, step) => {
    expect(nextStep(want, actual, now)).toEqual(step);
  });
});
