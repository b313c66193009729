import { expect, it } from 'vitest';
import { toRegistryError } from '../registry.ts';
import { faultOf } from './fault.ts';

const inScript = (quoted: string) =>
  `ERR Error running script (call to f_4eb): @user_script:31: @user_script: 31: -${quoted}`;

it.each([
  ['NOREPLICAS Not enough good replicas to write. script: 4eb, on @user_script:31.', 'refuses-writes'],
  [inScript('NOREPLICAS Not enough good replicas to write.'), 'refuses-writes'],
  [inScript("OOM command not allowed when used memory > 'maxmemory'."), 'refuses-writes'],
  [inScript("READONLY You can't write against a read only replica."), 'refuses-writes'],
  ['MISCONF Redis is configured to save RDB snapshots, but is unable to persist on disk.', 'refuses-writes'],
  ['MISCONF Errors writing to the AOF file: No space left on device', 'refuses-writes'],
  ['LOADING Redis is loading the dataset in memory', 'away'],
  ["MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", 'away'],
  ['CLUSTERDOWN Hash slot not served', 'away'],
  ['MOVED 3999 127.0.0.1:6381', 'away'],
  ['BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.', 'away'],
  ['NOAUTH Authentication required.', 'away'],
  ["NOPERM this user has no permissions to run the 'eval' command", 'away'],
  ['ERR max number of clients reached', 'away'],
  ['ERR DB index is out of range', 'away'],
  ['WRONGTYPE Operation against a key holding the wrong kind of value', 'bug'],
  [inScript('WRONGTYPE Operation against a key holding the wrong kind of value'), 'bug'],
  ['ERR user_script:12: attempt to index a nil value', 'bug'],
])('the reply %j is %s', (message, kind) => {
  expect(faultOf(Object.assign(new Error(message), { name: 'ReplyError' })).kind).toBe(kind);
});

it.each([
  ['a broken connection', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })],
  ['a command that timed out', new Error('Command timed out')],
  ['anything else', 'what?'],
])('%s is being away', (_, error) => {
  expect(faultOf(error)).toEqual({ kind: 'away', why: 'does not answer' });
});

it('tells callers whether to try again, and nothing of keys', () => {
  const bug = Object.assign(new Error('WRONGTYPE of p:{device:secret}'), { name: 'ReplyError' });
  const error = toRegistryError('Redis at 127.0.0.1:6379', faultOf(bug), bug);
  expect(error).toMatchObject({ code: 'INTERNAL', message: 'Redis at 127.0.0.1:6379 refuses: WRONGTYPE', cause: bug });
  const away = toRegistryError('Redis', faultOf(new Error('gone')), undefined);
  expect(away).toMatchObject({ code: 'REGISTRY_UNAVAILABLE', retry: 'same-node' });
});
