import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A redis-server of one's own, on a free port, that keeps nothing on disk. */
export class RedisServer implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(port: number) {
    this.url = `redis://127.0.0.1:${port}`;
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    this.#child = spawn('redis-server', args, { stdio: 'ignore' });
  }

  /** `undefined`: there is no redis-server on this machine. */
  static async start(): Promise<RedisServer | undefined> {
    if (spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status !== 0) return undefined;
    return new RedisServer(await findFreePort());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill();
    await once(this.#child, 'exit');
  }
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
