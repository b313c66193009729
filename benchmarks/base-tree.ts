import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The work tree that this file belongs to. */
export const ownRoot = join(import.meta.dirname, '..');

/**
 * Another commit, checked out into a temporary git worktree with its dependencies, and built. Dependencies are hard links to
 * those of the own tree where the versions are the same, and else installed.
 */
export class BaseTree implements Disposable {
  readonly root: string;
  /** The commit, abbreviated. */
  readonly commit: string;

  private constructor(root: string, commit: string) {
    this.root = root;
    this.commit = commit;
  }

  /** @param ref Whatever git takes for a commit. */
  static checkOut(ref: string): BaseTree {
    const commit = git('rev-parse', '--short', '--verify', `${ref}^{commit}`).trim();
    // Beside the own tree as far as the file system goes: hard links need it.
    const tree = new BaseTree(join(mkdtempSync(join(tmpdir(), 'pushfleet-base-')), 'tree'), commit);
    try {
      git('worktree', 'add', '--quiet', '--detach', tree.root, commit);
      tree.#provideDependencies();
      build(tree.root);
      return tree;
    } catch (error) {
      tree[Symbol.dispose]();
      throw error;
    }
  }

  /** Takes the worktree away again. */
  [Symbol.dispose](): void {
    if (existsSync(this.root)) git('worktree', 'remove', '--force', this.root);
    rmSync(join(this.root, '..'), { recursive: true, force: true });
  }

  #provideDependencies(): void {
    if (!hasSameVersions(this.root) || !this.#linkDependencies()) {
      execFileSync('npm', ['ci', '--prefer-offline'], { cwd: this.root, stdio: ['ignore', 'ignore', 'inherit'] });
    }
  }

  /** `false`: the temporary directory lies on another file system. */
  #linkDependencies(): boolean {
    const workspaces = readdirSync(join(this.root, 'packages')).map((name) => join('packages', name));
    for (const at of ['.', ...workspaces]) {
      const from = join(ownRoot, at, 'node_modules');
      if (!existsSync(from)) continue;
      try {
        execFileSync('cp', ['-al', from, join(this.root, at, 'node_modules')], { stdio: 'ignore' });
      } catch {
        return false;
      }
    }
    return true;
  }
}

/** Compiles the packages of a tree; what is up to date is left alone. */
export function build(root: string): void {
  const env = { ...process.env, TURBO_TELEMETRY_DISABLED: '1' };
  const turbo = join(root, 'node_modules/.bin/turbo');
  execFileSync(turbo, ['run', 'build', '--output-logs=errors-only'], { cwd: root, env, stdio: 'pipe' });
}

/** Whether every dependency of the tree is one of the own tree, in the same version. */
function hasSameVersions(root: string): boolean {
  const own = versions(ownRoot);
  return Object.entries(versions(root)).every(([at, version]) => own[at] === version);
}

function versions(root: string): Record<string, string | undefined> {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const installed = Object.entries(lock.packages as Record<string, { version?: string; link?: boolean }>);
  return Object.fromEntries(
    installed
      .filter(([at, { link }]) => at.includes('node_modules/') && !link)
      .map(([at, { version }]) => [at, version]),
  );
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ownRoot, encoding: 'utf8' });
}

/**
 * The roots of the source trees that are to be measured in turn, by their names: the own one, and that of another commit where one
 * is named.
 * @param stack Takes the other tree away again.
 */
export function comparedTrees(base: string | undefined, stack: AsyncDisposableStack): ReadonlyMap<string, string> {
  const trees = new Map([['new', ownRoot]]);
  if (base) {
    build(ownRoot);
    const { commit, root } = stack.use(BaseTree.checkOut(base));
    trees.set(`base ${commit}`, root);
  }
  return trees;
}

/** The clusters of a source tree, of that tree's processes. */
export async function importClusters(root: string): Promise<typeof import('@pushfleet/test/cluster')> {
  return await import(join(root, 'test/cluster/index.ts'));
}
