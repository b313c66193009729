import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../..');
/** In the order in which they need one another. */
const built = ['protocol', 'runtime', 'registry', 'device-sdk', 'push-server', 'console', 'balancer'];

/** Builds the packages of an earlier commit in a directory of their own, and returns that. */
export function buildOlderVersion(commit: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'pushfleet-older-'));
  const paths = built.map((name) => `packages/${name}`);
  const archive = execFileSync('git', ['archive', commit, 'tsconfig.json', ...paths], {
    cwd: root,
    maxBuffer: 1 << 28,
  });
  execFileSync('tar', ['-x', '-C', copy], { input: archive });
  linkModules(copy);
  for (const name of built) {
    const project = join(copy, 'packages', name);
    const { status, stdout } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', project, '--noCheck'], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${name} of ${commit} does not compile: ${stdout}`);
  }
  return copy;
}

/** Its own packages among the dependencies of this checkout. */
function linkModules(copy: string): void {
  const modules = join(copy, 'node_modules');
  mkdirSync(join(modules, '@pushfleet'), { recursive: true });
  for (const name of readdirSync(join(root, 'node_modules'))) {
    if (name !== '@pushfleet' && name !== '.bin') symlinkSync(join(root, 'node_modules', name), join(modules, name));
  }
  for (const name of readdirSync(join(copy, 'packages'))) {
    symlinkSync(join(copy, 'packages', name), join(modules, '@pushfleet', name));
    const own = join(root, 'packages', name, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(copy, 'packages', name, 'node_modules'));
  }
}
