import { once } from 'node:events';
import { createServer } from 'node:net';
import { CommandFailure } from '../output/failure.ts';

export interface WantedPort {
  port: number;
  /** The listener that needs it, for people: `the admin API`. */
  purpose: string;
  /** The variable that changes it. */
  setting: string;
}

/**
 * Proves that all ports can be had, before anything is started that needs them.
 * @throws CommandFailure that names each port that is taken and its setting.
 */
export async function assertPortsFree(host: string, wanted: readonly WantedPort[]): Promise<void> {
  const problems: string[] = [];
  for (const [index, { port, purpose, setting }] of wanted.entries()) {
    const twin = wanted.slice(0, index).find((other) => other.port === port);
    if (twin) problems.push(`port ${port} is wanted by ${twin.purpose} and ${purpose}: set ${setting} to another one`);
    const code = await tryToListen(host, port);
    if (code) problems.push(describe(code, { port, purpose, setting }));
  }
  if (problems.length > 0) throw new CommandFailure(problems.join('\n'));
}

function describe(code: string, { port, purpose, setting }: WantedPort): string {
  const problem = code === 'EADDRINUSE' ? 'is taken by another program' : `cannot be listened on (${code})`;
  return `port ${port} for ${purpose} ${problem}: set ${setting} to another one`;
}

/** Below those that the system gives to connections: nobody else gets one between now and the time that it is listened on. */
const lowestPort = 14_000;
const highestPort = 32_000;

/** Ports on which nobody listens, for processes that are about to be started. */
export async function findFreePorts(host: string, count: number): Promise<number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = lowestPort + Math.floor(Math.random() * (highestPort - lowestPort));
    if (!ports.has(port) && (await tryToListen(host, port)) === undefined) ports.add(port);
  }
  return [...ports];
}

/** The system's error code; `undefined`: it can be had. */
export async function tryToListen(host: string, port: number): Promise<string | undefined> {
  const server = createServer().listen({ host, port });
  try {
    await once(server, 'listening');
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'unknown error';
  } finally {
    server.close();
  }
}
