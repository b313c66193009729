import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../..');
const cache = join(root, 'node_modules/.cache/pushfleet-builds');
/** In the order in which they need one another. The console is files for browsers, of which the present ones will do. */
const built = [
  'protocol',
  'runtime',
  'registry',
  'device-sdk',
  'admin-sdk',
  'push-server',
  'balancer',
  'loadtest',
  'cli',
];

/**
 * The directory of an earlier commit with its packages, built from the history of this clone where that was not done before. They use
 * the dependencies of this checkout.
 * @throws Error: the commit is not in the history, or does not compile
 */
export function buildEarlier(commit: string): string {
  const sha = resolveCommit(commit);
  const place = join(cache, sha);
  if (!existsSync(place)) {
    mkdirSync(cache, { recursive: true });
    const draft = mkdtempSync(join(cache, 'draft-'));
    unpack(sha, draft);
    linkModules(draft);
    for (const name of built) compile(join(draft, 'packages', name), sha);
    renameSync(draft, place);
  }
  return place;
}

function resolveCommit(commit: string): string {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--verify', '--quiet', `${commit}^{commit}`], {
    ...{ cwd: root, encoding: 'utf8' },
  });
  if (status === 0) return stdout.trim();
  throw new Error(
    `${commit} is not in the history of this clone; a shallow one is completed by: git fetch --unshallow`,
  );
}

function unpack(sha: string, directory: string): void {
  const paths = ['package.json', 'tsconfig.json', ...built.map((name) => `packages/${name}`)];
  const archive = execFileSync('git', ['archive', sha, ...paths], { cwd: root, maxBuffer: 1 << 28 });
  execFileSync('tar', ['-x', '-C', directory], { input: archive });
}

/** Links are relative or to this checkout, so that the directory can be renamed when all of it is there. */
function linkModules(directory: string): void {
  symlinkSync(join(root, 'packages/console'), join(directory, 'packages/console'));
  const modules = join(directory, 'node_modules');
  mkdirSync(join(modules, '@pushfleet'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    const isOurs = name === '@pushfleet' || name === 'pushfleet' || name.startsWith('.');
    if (!isOurs) symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const name of [...built, 'console']) {
    symlinkSync(join('../../packages', name), join(modules, '@pushfleet', name));
    const own = join(root, 'packages', name, 'node_modules');
    const place = join(directory, 'packages', name, 'node_modules');
    if (existsSync(own) && !existsSync(place)) symlinkSync(own, place);
  }
}

function compile(project: string, sha: string): void {
  const tsc = join(root, 'node_modules/.bin/tsc');
  const { status, stdout } = spawnSync(tsc, ['-p', project, '--noCheck'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${project} of ${sha} does not compile:\n${stdout}`);
}
