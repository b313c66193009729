import { describe, expect, it } from 'vitest';
import { type CommandId, parseDeviceId } from './ids.ts';
import {
  commandFilter,
  commandFilterIndex,
  commandTopic,
  isBelowResults,
  parseCommandTopic,
  parseResultTopic,
  resultTopic,
} from './topics.ts';

const device = parseDeviceId('d1');
const command = 'c-1' as CommandId;

describe('topics', () => {
  it('say in both directions whose and which command it is', () => {
    const topic = commandTopic(device, command, 'force_sync');
    expect(topic).toBe('pushfleet/devices/d1/commands/c-1/force_sync');
    expect(parseCommandTopic(topic, device)).toEqual({ id: command, operation: 'force_sync' });
    expect(parseResultTopic(resultTopic(device, command), device)).toBe(command);
  });

  it.each([
    'pushfleet/devices/d2/results/c-1',
    'pushfleet/devices/d1/results/',
    'pushfleet/devices/d1/results/c-1/more',
    'pushfleet/devices/d1/commands/c-1/force_sync',
    '$SYS/results',
  ])('%s is no result topic of d1', (topic) => {
    expect(parseResultTopic(topic, device)).toBeUndefined();
  });

  it.each([
    [commandFilter(device), 0],
    ['pushfleet/devices/d1/#', 1],
    ['pushfleet/devices/d1/commands/+/+', 2],
    ['pushfleet/devices/d1/+/+/+', 3],
    ['pushfleet/devices/+/commands/#', undefined],
    ['pushfleet/devices/d2/commands/#', undefined],
    ['pushfleet/devices/d1/commands/+', undefined],
    ['pushfleet/devices/d1/', undefined],
    ['$share/g/pushfleet/devices/d1/commands/#', undefined],
    ['#', undefined],
  ])('%s is which of the filters of d1’s commands: %s', (filter, expected) => {
    expect(commandFilterIndex(filter, device)).toBe(expected);
  });

  it.each([
    ['pushfleet/devices/d1/results/c 1', true],
    ['pushfleet/devices/d1/commands/c-1/force_sync', false],
    ['pushfleet/devices/d2/results/c-1', false],
  ])('%s is below the results of d1: %s', (topic, expected) => {
    expect(isBelowResults(topic, device)).toBe(expected);
  });
});
