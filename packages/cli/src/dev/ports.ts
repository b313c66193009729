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

/** The system's error code; `undefined`: it can be had. */
async function tryToListen(host: string, port: number): Promise<string | undefined> {
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
