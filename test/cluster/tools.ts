import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** The one binary, `pushfleet`. */
export const binary = join(import.meta.dirname, '../../packages/cli/bin/pushfleet.js');

/** The Python that has grpcio; Debian's own by default, whatever other one is on the PATH. */
export const python = process.env.PUSHFLEET_TEST_PYTHON ?? 'python3';

/** True where the program can be run. On CI every tool must be there: a missing one is a failed installation. */
export function isInstalled(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch (error) {
    const found = (error as { status?: number | null }).status;
    // mosquitto's tools end their help with a status of 1.
    if (found === 1 && args.includes('--help')) return true;
    if (process.env.CI) throw new Error(`${program} is not installed; .ci/run installs it`);
    return false;
  }
}

/** True where the program can be run, for what .ci/run does not install: whole toolchains. */
export function mayBeInstalled(program: string, args: readonly string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

export interface ToolResult {
  status: number | null;
  output: string;
  errors: string;
}

/** @param environment What the program sees besides this process' own environment. */
export async function runTool(
  program: string,
  args: readonly string[],
  environment: Record<string, string> = {},
): Promise<ToolResult> {
  const child = spawn(program, args, { env: { ...process.env, ...environment } });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, output, errors };
}

/** A tool that runs until it is disposed, and what it prints meanwhile. */
export class RunningTool implements AsyncDisposable {
  output = '';
  readonly #child: ChildProcessWithoutNullStreams;

  constructor(program: string, args: readonly string[]) {
    this.#child = spawn(program, args);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        this.output += chunk;
      });
    }
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Resolves when it has ended. */
  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.hasEnded) return;
    this.#child.kill(signal);
    await once(this.#child, 'exit');
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.end('SIGTERM');
  }
}
