import { describe, expect, it } from 'vitest';
import { readCapabilities, supports } from './capabilities.ts';
import type { Operation } from './gen/common.ts';

const forceSync: Operation = { kind: 'forceSync', forceSync: { reason: '' } };
const reboot: Operation = { kind: 'custom', custom: { name: 'reboot', payload: Buffer.alloc(0) } };

describe('what a device declares that it can do', () => {
  it.each([
    [[], forceSync, true],
    [['force_sync', 'run_task'], forceSync, true],
    [['run_task'], forceSync, false],
    [['custom'], reboot, true],
    [['custom:reboot'], reboot, true],
    [['custom:shutdown'], reboot, false],
    [[' force_sync '], forceSync, true],
    [['no such thing'], forceSync, false],
    [['run_task,force_sync'], forceSync, true],
    [[''], forceSync, true],
  ])('%j: %j is %s', (names, operation, isSupported) => {
    expect(supports(readCapabilities(names), operation)).toBe(isSupported);
  });

  it('is not mistaken for another one, however it is said', () => {
    for (const names of [['stop_task,custom'], ['stop_task', 'custom']]) {
      expect(supports(readCapabilities(names), reboot)).toBe(true);
    }
  });

  it.each([
    ['in many pieces', (names: string[]) => names],
    ['in one', (names: string[]) => [names.join(',')]],
  ])('has 128 names at most: the rest is left out, %s', (_, say) => {
    const capabilities = readCapabilities(say(Array.from({ length: 129 }, (__, nth) => `custom:n${nth}`)));
    expect(capabilities?.size).toBe(128);
    expect(['custom:n127', 'custom:n128'].map((name) => capabilities?.has(name))).toEqual([true, false]);
  });

  it('is held for the last 256 different ones, however many there are', () => {
    const first = readCapabilities(['custom:first']);
    for (let nth = 2; nth <= 256; nth += 1) readCapabilities([`custom:other-${nth}`]);
    expect(readCapabilities(['custom:first'])).toBe(first);
    readCapabilities(['custom:one-more']);
    expect(readCapabilities(['custom:first'])).not.toBe(first);
  });

  it('is held once for all devices that declare the same', () => {
    expect(readCapabilities(['force_sync', 'custom'])).toBe(readCapabilities(['force_sync', 'custom']));
  });
});
