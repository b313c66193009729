import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createStateDirectory, enrollPushServer } from 'pushfleet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFreePorts } from './cluster/free-ports.ts';
import { binary, runTool, type ToolResult } from './cluster/tools.ts';
import { startTestRedis } from './redis/redis-server.ts';

let stateDir: string;
let environment: Record<string, string>;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-secrets-'));
  await createStateDirectory({ path: stateDir });
  await enrollPushServer({ stateDir, distributionPoint: 'dp-1', keep: true });
  const [assign, admin, rest, device] = await findFreePorts(4);
  environment = {
    PUSHFLEET_STATE_DIR: stateDir,
    PUSHFLEET_ASSIGN_PORT: `${assign}`,
    PUSHFLEET_ADMIN_PORT: `${admin}`,
    PUSHFLEET_REST_PORT: `${rest}`,
    PUSHFLEET_DEV_DEVICE_PORT: `${device}`,
    PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${admin}`,
    PUSHFLEET_DISTRIBUTION_POINT: 'dp-1',
    PUSHFLEET_LOG_LEVEL: 'trace',
  };
});

afterAll(() => rm(stateDir, { recursive: true, force: true }));

const pushfleet = (command: string, more: Record<string, string>): Promise<ToolResult> =>
  runTool(process.execPath, [binary, ...command.split(' ')], { ...environment, ...more });

const shownBy = ({ output, errors }: ToolResult) => `${output}${errors}`;

const unescaped = [
  ['balancer', '#', '%23'],
  ['balancer', '/', '%2F'],
  ['balancer', '?', '%3F'],
  ['push-server', '%', '%25'],
  ['push-server', ' ', '%20'],
  ['dev', '\r', '%0D'],
] as const;

it.each(unescaped)(
  '%s with %j in the password of PUSHFLEET_REDIS_URL names the variable and %s, and not the password',
  async (command, character, escaped) => {
    const ran = await pushfleet(command, { PUSHFLEET_REDIS_URL: `redis://:hunter2${character}hunter3@127.0.0.1:6379` });
    expect(ran).toMatchObject({ status: 1, output: '' });
    expect(ran.errors).toMatch(/^pushfleet: PUSHFLEET_REDIS_URL: must be a redis:\/\/.*; it is "redis:\/\/\*\*\*"\n$/);
    expect(ran.errors).toContain(escaped);
    expect(ran.errors).not.toContain('hunter');
  },
);

describe.each(['balancer', 'push-server', 'dev'])('%s', (command) => {
  it('does not tell a password that Redis refuses', async () => {
    await using redis = await startTestRedis();
    const { host } = new URL(redis.url);
    const ran = await pushfleet(command, { PUSHFLEET_REDIS_URL: `redis://nobody:hunter2@${host}` });
    expect(ran.status).toBe(1);
    expect(shownBy(ran)).toContain('WRONGPASS');
    expect(shownBy(ran)).not.toContain('hunter');
  });
});

describe.each(['balancer', 'nodes'])('a token file, read by %s', (command) => {
  it.each([
    ['of two lines', 'hunter2-hunter3-hunter4\nhunter5\n'],
    ['that is a key', '-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n'],
    ['of control characters', 'hunter2\u0001hunter3-hunter4'],
    ['in UTF-16 without a byte order mark', Buffer.from('hunter2-hunter3-hunter4', 'utf16le')],
  ])('%s is never shown', async (_, content) => {
    const file = join(stateDir, 'a-token');
    await writeFile(file, content);
    // An address that is nobody's: with a good token it ends as well.
    const ran = await pushfleet(command, { PUSHFLEET_BIND: '192.0.2.1', PUSHFLEET_ADMIN_TOKEN_FILE: file });
    expect(ran.status).toBe(1);
    expect(shownBy(ran)).not.toMatch(/hunter|h\0u/);
  });
});
