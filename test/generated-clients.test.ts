import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TestCluster } from './cluster/test-cluster.ts';
import { mayBeInstalled, runTool, type ToolResult } from './cluster/tools.ts';

const hasGo = mayBeInstalled('go', ['version']);
const hasMaven = mayBeInstalled('mvn', ['--version']) && mayBeInstalled('javac', ['--version']);
if (!hasGo) console.warn('SKIPPED: Go is needed to generate, compile and run a client in Go');
if (!hasMaven) console.warn('SKIPPED: a JDK and Maven are needed to generate, compile and run a client in Java');

const root = join(import.meta.dirname, '..');
const buf = join(root, 'node_modules/.bin/buf');
/** Compilers on a busy machine, which may have to fetch what they need first. */
const buildTimeoutMs = 600_000;

/** The example, where what is generated and compiled is kept from run to run and is in nobody's way. */
function workingCopy(example: string): string {
  const directory = join(root, 'node_modules/.cache', example);
  cpSync(join(root, 'examples', example), directory, {
    recursive: true,
    preserveTimestamps: true,
    filter: (file) => !/\/(gen|bin|target)$/.test(file),
  });
  return directory;
}

async function succeeds(running: Promise<ToolResult>): Promise<string> {
  const { status, output, errors } = await running;
  expect(status, `${output}${errors}`).toBe(0);
  return output;
}

/** Builds the example as its README says. The generated code has the import paths of the proto files, below `gen`. */
async function buildGo(): Promise<string> {
  const directory = workingCopy('admin-go');
  const generated = join(directory, 'gen/github.com/pushfleet/pushfleet/gen/go');
  const bin = join(directory, 'bin');
  rmSync(join(directory, 'gen'), { recursive: true, force: true });
  mkdirSync(generated, { recursive: true });
  writeFileSync(join(generated, 'go.mod'), 'module github.com/pushfleet/pushfleet/gen/go\n\ngo 1.24\n');
  await succeeds(runTool('go', ['-C', directory, 'install', 'tool'], { GOBIN: bin }));
  const paths = ['admin', 'common'].flatMap((name) => ['--path', join(root, 'proto/pushfleet', name)]);
  const template = join(directory, 'buf.gen.yaml');
  const environment = { PATH: [bin, process.env.PATH].join(delimiter) };
  await succeeds(runTool(buf, ['generate', root, '--template', template, '-o', directory, ...paths], environment));
  await succeeds(runTool('go', ['-C', directory, 'build', '-o', join(bin, 'force-sync'), '.']));
  return join(bin, 'force-sync');
}

describe('a client that the stock plugins made of the proto files, without a mapping of packages', () => {
  let cluster: TestCluster;
  let connection: { address: string; ca: string; token: string };

  beforeAll(async () => {
    cluster = await TestCluster.create();
    connection = {
      address: `127.0.0.1:${cluster.balancerPorts[0]?.admin}`,
      ca: join(cluster.stateDir, 'ca.crt'),
      token: join(cluster.stateDir, 'admin-token'),
    };
  });

  afterAll(() => cluster[Symbol.asyncDispose]());

  it.runIf(hasGo)(
    'compiles in Go, and forces a sync',
    async () => {
      const program = await buildGo();
      const [device] = await cluster.devices.connect(1, 'go');
      const { address, ca, token } = connection;
      const options = ['-address', address, '-ca', ca, '-token-file', token];
      expect(await succeeds(runTool(program, [...options, 'go-0']))).toBe('go-0 OUTCOME_SUCCEEDED\n');
      expect(device?.seen).toMatchObject([{ kind: 'forceSync', forceSync: { reason: 'asked from Go' } }]);
      const unknown = await runTool(program, [...options, 'nobody']);
      expect(unknown).toMatchObject({ status: 1, output: 'nobody NotFound: there is no device "nobody"\n' });
    },
    buildTimeoutMs,
  );

  it.runIf(hasMaven)(
    'compiles in Java, and forces a sync',
    async () => {
      const [device] = await cluster.devices.connect(1, 'java');
      const { address, ca, token } = connection;
      const ran = await runTool('mvn', [
        ...['--batch-mode', '--quiet', '--file', join(workingCopy('admin-java'), 'pom.xml')],
        ...['compile', 'exec:java', `-Dpushfleet.proto=${join(root, 'proto')}`],
        `-Dexec.args=${address} ${ca} ${token} java-0 nobody`,
      ]);
      expect(ran.output, ran.errors).toContain('java-0 OUTCOME_SUCCEEDED\n');
      expect(ran.output).toContain('nobody NOT_FOUND: there is no device "nobody"\n');
      expect(ran.status).toBe(1);
      expect(device?.seen).toMatchObject([{ kind: 'forceSync', forceSync: { reason: 'asked from Java' } }]);
    },
    buildTimeoutMs,
  );
});
