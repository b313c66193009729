import { once } from 'node:events';
import net from 'node:net';
import type { NodeProblem } from '@pushfleet/registry';

/** It serves all the same, where it did before. */
export type PortProblem = Omit<NodeProblem, 'impairs'>;

/**
 * Makes sure that nobody else listens on the port; `undefined`: nobody does. Workers share it with SO_REUSEPORT, and so
 * would a stranger that sets it too, without either noticing.
 */
export async function probePort(host: string, port: number): Promise<PortProblem | undefined> {
  const probe = net.createServer();
  try {
    probe.listen({ host, port });
    await once(probe, 'listening');
  } catch (cause) {
    return describeProblem(port, cause);
  }
  probe.close();
  await once(probe, 'close');
  return undefined;
}

function describeProblem(port: number, cause: unknown): PortProblem {
  const { code, message } = cause as NodeJS.ErrnoException;
  const remedy = 'set another `push server port` on the distribution point';
  if (code === 'EADDRINUSE') return { kind: 'port-in-use', detail: `port ${port} is taken; ${remedy}` };
  if (code === 'EACCES') {
    return { kind: 'failed', detail: `port ${port} needs privileges that this process does not have; ${remedy}` };
  }
  return { kind: 'failed', detail: `port ${port} cannot be opened (${message})` };
}
