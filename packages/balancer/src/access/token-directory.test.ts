import type { ApiTokenRecord } from '@pushfleet/registry';
import { LiveValue, silentLogger } from '@pushfleet/runtime';
import { expect, it } from 'vitest';
import { ManualClock } from '../../../../test/time/manual-clock.ts';
import { hashToken, TokenDirectory } from './token-directory.ts';

const record = (name: string, rest: Partial<ApiTokenRecord> = {}): ApiTokenRecord => ({
  ...{ name, role: 'viewer', hash: hashToken(`secret of ${name}`), createdBy: 'root', createdAtMs: 1, ...rest },
});

async function startDirectory(...records: ApiTokenRecord[]) {
  const clock = new ManualClock();
  const registry = { on: true, records };
  const list = async () => {
    if (!registry.on) throw new Error('away');
    return registry.records;
  };
  const rootToken = new LiveValue('of the file');
  const directory = new TokenDirectory({
    tokens: { list },
    rootToken,
    clock,
    logger: silentLogger,
  });
  const ended: string[] = [];
  directory.onEnded(({ name }) => ended.push(name));
  await directory.start();
  return { clock, registry, directory, ended, rootToken };
}

it('knows the token of the file and those of the registry, and no others', async () => {
  const { directory } = await startDirectory(record('a', { role: 'operator' }));
  expect(directory.find('of the file')).toMatchObject({ name: 'root', role: 'admin' });
  expect(directory.find('secret of a')).toMatchObject({ name: 'a', role: 'operator' });
  for (const shown of ['', 'secret of b', hashToken('secret of a'), 'of the file ']) {
    expect(directory.find(shown)).toBeUndefined();
  }
});

it('follows the file: the former token is good no more, and whoever has shown it is to show the new one', async () => {
  const { directory, ended, rootToken } = await startDirectory(record('a'));
  const former = directory.find('of the file');
  rootToken.replace('another of the file');
  expect(directory.find('of the file')).toBeUndefined();
  expect(directory.find('another of the file')).toMatchObject({ name: 'root', role: 'admin' });
  // Sessions of the console and grants compare these.
  expect(directory.named('root')).toMatchObject({ digest: hashToken('another of the file') });
  expect(directory.named('root')?.caller).not.toBe(former);
  expect(ended).toEqual(['root']);
});

it('follows the registry within two seconds', async () => {
  const { clock, registry, directory, ended } = await startDirectory(record('a'));
  registry.records = [record('b')];
  await clock.turn(2_000);
  expect([directory.find('secret of a'), directory.find('secret of b')?.name]).toEqual([undefined, 'b']);
  expect(ended).toEqual(['a']);
});

it('keeps what it knows while the registry is away, but for what expires', async () => {
  const clock = new ManualClock();
  const test = await startDirectory(record('a'), record('b', { expiresAtMs: clock.wallMs() + 5_000 }));
  test.registry.on = false;
  await test.clock.turn(4_000);
  expect(test.directory.find('secret of b')?.name).toBe('b');
  await test.clock.turn(2_000);
  expect([test.directory.find('secret of a')?.name, test.directory.find('secret of b')]).toEqual(['a', undefined]);
  expect(new Set(test.ended)).toEqual(new Set(['b']));
});

it('does not take a token of the same name that was made anew for the former one', async () => {
  const { clock, registry, directory, ended } = await startDirectory(record('a'));
  registry.records = [record('a', { hash: hashToken('another'), role: 'admin' })];
  await clock.turn(1_000);
  expect([directory.find('secret of a'), directory.find('another')?.role]).toEqual([undefined, 'admin']);
  expect(ended).toEqual(['a']);
});
