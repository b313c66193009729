import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ClusterProcess } from './cluster/cluster-process.ts';
import { findAdjacentPorts, findFreePorts } from './cluster/free-ports.ts';
import { binary, isInstalled, python, runTool } from './cluster/tools.ts';

const root = join(import.meta.dirname, '..');

/** A block of a page that says of itself that it can be run: "```ts run" or "```sh run". */
interface Example {
  page: string;
  line: number;
  language: 'ts' | 'sh';
  code: string;
}

const examples: Example[] = globSync('docs/*.md', { cwd: root })
  .toSorted()
  .flatMap((page) => {
    const text = readFileSync(join(root, page), 'utf8');
    return [...text.matchAll(/^```(ts|sh) run\n(.*?)^```$/gms)].map(({ index, 1: language, 2: code = '' }) => ({
      ...{ page, code, line: text.slice(0, index).split('\n').length },
      language: language as Example['language'],
    }));
  });

/** The lines that the example says it prints: `console.log(…); // so`. */
function promised(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\);? \/\/ (.*)$/gm)].map(([, text = '']) => text);
}

const isMissing = ({ code }: Example) =>
  (code.includes('examples/admin-python') && !isInstalled(python, ['-c', 'import grpc, grpc_tools'])) ||
  (code.includes('curl') && !isInstalled('curl', ['--version']));

describe('the examples of the documentation, as a reader runs them beside `npm start`', () => {
  // The commands run beside the state directory of the cluster.
  const directory = mkdtempSync(join(tmpdir(), 'pushfleet-docs-'));
  // Among the packages, so that they find what they import.
  const scripts = join(root, `node_modules/.cache/pushfleet-docs-${process.pid}`);
  let dev: ClusterProcess;
  let ports: { assign: number; admin: number; rest: number; devices: number };

  beforeAll(async () => {
    mkdirSync(scripts, { recursive: true });
    for (const name of ['examples', 'proto', 'proto-third-party']) symlinkSync(join(root, name), join(directory, name));
    const [assign = 0, admin = 0, rest = 0] = await findFreePorts(3);
    ports = { assign, admin, rest, devices: await findAdjacentPorts(3) };
    dev = new ClusterProcess('dev', ['dev'], {
      PUSHFLEET_STATE_DIR: join(directory, '.pushfleet'),
      PUSHFLEET_ASSIGN_PORT: `${assign}`,
      PUSHFLEET_ADMIN_PORT: `${admin}`,
      PUSHFLEET_REST_PORT: `${rest}`,
      PUSHFLEET_DEV_DEVICE_PORT: `${ports.devices}`,
    });
    await dev.said('30 SUCCEEDED', 60_000);
  });

  afterAll(async () => {
    await dev.stop();
    for (const made of [scripts, directory]) rmSync(made, { recursive: true, force: true });
  });

  /** On the ports of this cluster; `npx` takes its time. */
  function localized(code: string): string {
    return code
      .replaceAll('127.0.0.1:13299', `127.0.0.1:${ports.admin}`)
      .replaceAll('127.0.0.1:13000', `127.0.0.1:${ports.assign}`)
      .replaceAll('127.0.0.1:8080', `127.0.0.1:${ports.rest}`)
      .replaceAll('npx pushfleet', `'${process.execPath}' '${binary}'`)
      .replaceAll('/usr/bin/python3', python);
  }

  async function run({ language, code, line }: Example) {
    const environment = { PUSHFLEET_ADMIN_ADDRESS: `127.0.0.1:${ports.admin}` };
    const shell = (script: string) => runTool('sh', ['-e', '-c', `cd '${directory}'\n${script}`], environment);
    if (language === 'sh') return shell(localized(code));
    const file = join(scripts, `line-${line}.mjs`);
    writeFileSync(file, localized(code));
    return shell(`'${process.execPath}' '${file}'`);
  }

  it('are found', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples)('$page:$line runs and prints what it says', async (example) => {
    if (isMissing(example))
      return console.warn(`SKIPPED: ${example.page}:${example.line}; its tools are not installed`);
    const ran = await run(example);
    expect(ran, ran.errors).toMatchObject({ status: 0 });
    if (example.language === 'ts') expect(ran.output.split('\n').slice(0, -1)).toEqual(promised(example.code));
  });
});
