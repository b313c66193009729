import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { KnownProcess } from './cluster-sampler.ts';
import { forkToolProcess } from './tool-process.ts';

const entry = new URL(`./busy-loop${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

/** Processes that use one core each, as other programs of a machine do. They end with this process, however it ends. */
export class BusyLoops implements AsyncDisposable {
  readonly #children: readonly ChildProcess[];

  constructor(count: number) {
    this.#children = Array.from({ length: count }, () => forkToolProcess(entry));
  }

  get processes(): KnownProcess[] {
    return this.#children.flatMap(({ pid }, index) =>
      pid === undefined ? [] : [{ role: 'busy' as const, name: `busy-${index}`, pid }],
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      this.#children.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }),
    );
  }
}
