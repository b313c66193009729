import { describe, expect, it } from 'vitest';
import { type CommandId, parseDeviceId } from './ids.ts';
import {
  commandFilter,
  commandTopic,
  coversCommands,
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
    [commandFilter(device), true],
    ['pushfleet/devices/d1/#', true],
    ['pushfleet/devices/d1/commands/+/+', true],
    ['pushfleet/devices/d1/+/+/+', true],
    ['pushfleet/devices/+/commands/#', false],
    ['pushfleet/devices/d2/commands/#', false],
    ['pushfleet/devices/d1/commands/+', false],
    ['$share/g/pushfleet/devices/d1/commands/#', false],
    ['#', false],
  ])('%s covers the commands of d1: %s', (filter, expected) => {
    expect(coversCommands(filter, device)).toBe(expected);
  });
});
