import { type common, invalidArgument, PushfleetError, parseOperation } from '@pushfleet/protocol';
import { describe, expect, it } from 'vitest';
import { withFlags } from './field-flags.ts';

const long = 'x'.repeat(5_000);

/** The refusal of a balancer that is asked to push this operation. */
function refusalOf(operation: common.OperationInit): PushfleetError {
  try {
    parseOperation(operation);
  } catch (error) {
    if (error instanceof PushfleetError) return error;
  }
  throw new Error('it is not refused');
}

describe('a refusal of a balancer', () => {
  it.each([
    [{ forceSync: { reason: long } }, '--reason: must be at most 256 bytes'],
    [{ runTask: { taskId: 'a b', parameters: {} } }, '--task: must be 1 to 128 of'],
    [
      { runTask: { taskId: 'a', parameters: { depth: long } } },
      '--param: must be a map with values of at most 4096 bytes; see "depth"',
    ],
    [{ stopTask: { taskId: '' } }, '--task: must be'],
    [{ getStatistics: { applicationId: '', counters: [], intervalMs: 0 } }, '--application: must be'],
    [{ getStatistics: { applicationId: 'a', counters: [], intervalMs: 5 } }, '--every: must be 100ms to 1d'],
    [{ custom: { name: '/', payload: Buffer.alloc(0) } }, 'the name of the operation: must be'],
  ])('names the flag of what is wrong with an operation: %#', (operation, message) => {
    expect(withFlags(refusalOf(operation))).toContain(message);
  });

  it.each([
    [
      'ttl',
      '0.001s to 2592000s, or absent (a direct command)',
      '--ttl: must be 1ms to 30d, or absent (a direct command)',
    ],
    ['finish_within', '60s to 2678400s, or absent (90s)', '--finish-within: must be 1m to 31d, or absent (90s)'],
    [
      'delivery.deliver_within',
      'absent where ttl says how long',
      '--deliver-within: must be absent where --ttl says how long',
    ],
    ['pace.commands_per_second', '0 to 1000', '--rate: must be 0 to 1000'],
    ['distribution_point.groups[1]', 'a path', '--groups: must be a path'],
    ['target.idle_limit', '1s to 86400s', '--idle-limit: must be 1s to 1d'],
    ['priority', 'absent, and finish_within as well', '--priority: must be absent, and --finish-within as well'],
  ])('shows %s as the user writes it', (field, rule, shown) => {
    expect(withFlags(invalidArgument(field, rule))).toBe(shown);
  });

  it('advises a command of this program, not a call of the API', () => {
    const nobody = new PushfleetError('NODE_NOT_FOUND', 'there is no push server "dp-9"; ListNodes lists them');
    expect(withFlags(nobody)).toBe('there is no push server "dp-9"; `pushfleet nodes` lists them');
    const message = 'device.group: there is no group "; PutGroup creates it"; PutGroup creates it';
    expect(withFlags(new PushfleetError('GROUP_NOT_FOUND', message, { field: 'device.group' }))).toBe(
      '--group: there is no group "; PutGroup creates it"; `pushfleet groups put` creates it',
    );
  });

  it('stays as it is where no flag has such a field, and where it is of none', () => {
    expect(withFlags(invalidArgument('page_token', 'the next_page_token'))).toBe(
      'page_token: must be the next_page_token',
    );
    expect(withFlags(new PushfleetError('DEVICE_NOT_FOUND', 'there is no device "ttl"'))).toBe(
      'there is no device "ttl"',
    );
    expect(withFlags(new PushfleetError('IN_USE', 'used', { field: 'ttl' }))).toBe('used');
  });
});
