import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ClusterProcess } from './cluster/cluster-process.ts';
import { findAdjacentPorts, findFreePorts } from './cluster/free-ports.ts';
import { binary, runTool } from './cluster/tools.ts';

/** A node as `pushfleet nodes --json` prints it. */
interface ListedNode {
  nodeId: string;
  status: string;
  problem: string | null;
  capacity: number;
  workers: { capacity: number }[];
}

let stateDir: string;

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'pushfleet-files-'));
});
afterEach(() => rm(stateDir, { recursive: true, force: true }));

async function environmentOf(): Promise<Record<string, string>> {
  const [assign, admin, rest] = await findFreePorts(3);
  return {
    PUSHFLEET_STATE_DIR: stateDir,
    PUSHFLEET_ASSIGN_PORT: `${assign}`,
    PUSHFLEET_ADMIN_PORT: `${admin}`,
    PUSHFLEET_REST_PORT: `${rest}`,
    PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${admin}`,
    PUSHFLEET_DEV_DEVICE_PORT: `${await findAdjacentPorts(3)}`,
  };
}

it.each([
  [256, 192],
  [1_024, 768],
])('with %i open files a cluster runs as many processes as ever, and says what they hold', async (files, links) => {
  const environment = await environmentOf();
  const dev = new ClusterProcess('dev', ['dev'], environment, { files });
  await dev.said('30 SUCCEEDED', 60_000);
  const ran = await runTool(process.execPath, [binary, 'nodes', '--json'], environment);
  const nodes = JSON.parse(ran.output) as ListedNode[];
  const limit = `too few files: 2 workers of ${files} open files each hold ${2 * links} of 10000 links: raise the limit of open files to 5500`;
  for (const { nodeId, status, workers, capacity, problem } of nodes) {
    expect({ status, capacity }).toEqual({ status: 'ready', capacity: 2 * links });
    expect(workers.map((worker) => worker.capacity)).toEqual([links, links]);
    expect(problem).toContain(limit);
    expect(dev.output).toContain(`${nodeId}: ${limit}`);
  }
  expect(nodes).toHaveLength(3);
  await dev.stop('SIGINT');
});
