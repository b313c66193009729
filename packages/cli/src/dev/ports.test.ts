import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePorts } from '../../../../test/cluster/free-ports.ts';
import { assertPortsFree } from './ports.ts';

let server: Server;
let port: number;

beforeEach(async () => {
  [port = 0] = await findFreePorts(1);
  server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => void server.close());

const wanted = (number: number) => ({ port: number, purpose: 'the admin API', setting: 'PUSHFLEET_ADMIN_PORT' });

describe('assertPortsFree', () => {
  it('names a port that is taken and the setting that changes it', async () => {
    const problem = `port ${port} for the admin API is taken by another program: set PUSHFLEET_ADMIN_PORT to another one`;
    await expect(assertPortsFree('127.0.0.1', [wanted(port)])).rejects.toThrow(problem);
  });

  it('leaves a free port free', async () => {
    server.close();
    await once(server, 'close');
    await assertPortsFree('127.0.0.1', [wanted(port)]);
    await assertPortsFree('127.0.0.1', [wanted(port)]);
  });

  it('names a port that is wanted twice', async () => {
    server.close();
    await once(server, 'close');
    const twice = [wanted(port), { port, purpose: 'REST', setting: 'PUSHFLEET_REST_PORT' }];
    const problem = `port ${port} is wanted by the admin API and REST: set PUSHFLEET_REST_PORT to another one`;
    await expect(assertPortsFree('127.0.0.1', twice)).rejects.toThrow(problem);
  });
});
