import { createPrivateKey, createPublicKey } from 'node:crypto';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { currentProcess } from './process.ts';

type Module = Record<string, unknown>;

/** ASN.1 of a private Ed25519 key, before its 32 bytes. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const cores = 2;

/**
 * Gives simulated processes what Node.js gives real ones without being asked: the end of a turn, random numbers and ids, the wall clock,
 * the number of cores, how busy its loop is. Code that is not of a simulated process gets the real ones. A timer that goes past the clock ends the
 * run with an error.
 */
export class Ambient implements Disposable {
  readonly #restore: (() => void)[] = [];

  constructor() {
    const require = createRequire(import.meta.url);
    const [crypto, os, timers] = ['node:crypto', 'node:os', 'node:timers/promises'].map(
      (name) => require(name) as Module,
    );
    this.#takeTurns(timers as Module);
    this.#takeRandomness(crypto as Module);
    const { performance } = require('node:perf_hooks') as { performance: Module };
    this.#replace(performance, 'eventLoopUtilization', (real) => () => currentProcess()?.loopTimes ?? real());
    this.#replace(os as Module, 'availableParallelism', (real) => () => (currentProcess() ? cores : real()));
    this.#replace(Date as unknown as Module, 'now', (real) => () => currentProcess()?.clock.wallMs() ?? real());
    for (const name of ['setTimeout', 'setInterval']) {
      this.#replace(globalThis as unknown as Module, name, (real) => (...args) => {
        const process = currentProcess();
        if (process) throw new Error(`${name} goes past the clock of ${process.name}`);
        return real(...args);
      });
    }
    syncBuiltinESMExports();
  }

  [Symbol.dispose](): void {
    for (const restore of this.#restore.splice(0)) restore();
    syncBuiltinESMExports();
  }

  #takeTurns(timers: Module): void {
    this.#replace(globalThis as unknown as Module, 'setImmediate', (real) => (run, ...args) => {
      const process = currentProcess();
      return process ? process.atEndOfTurn(() => (run as (...args: unknown[]) => void)(...args)) : real(run, ...args);
    });
    this.#replace(timers, 'setImmediate', (real) => (value) => {
      const process = currentProcess();
      return process ? new Promise<unknown>((resolve) => process.atEndOfTurn(() => resolve(value))) : real(value);
    });
  }

  #takeRandomness(crypto: Module): void {
    this.#replace(Math as unknown as Module, 'random', (real) => () => currentProcess()?.random.next() ?? real());
    this.#replace(crypto, 'randomUUID', (real) => () => {
      const hex = currentProcess()?.random.bytes(16).toString('hex');
      return hex?.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5') ?? real();
    });
    this.#replace(crypto, 'randomBytes', (real) => (length) => {
      return currentProcess()?.random.bytes(length as number) ?? real(length);
    });
    this.#replace(crypto, 'generateKeyPairSync', (real) => (...args) => {
      const process = currentProcess();
      if (!process) return real(...args);
      const der = Buffer.concat([pkcs8Prefix, process.random.bytes(32)]);
      const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      return { privateKey, publicKey: createPublicKey(privateKey) };
    });
  }

  #replace(
    module: Module,
    name: string,
    make: (real: (...args: unknown[]) => unknown) => (...args: unknown[]) => unknown,
  ): void {
    const real = module[name] as (...args: unknown[]) => unknown;
    module[name] = Object.assign(make(real.bind(module)), real);
    this.#restore.push(() => {
      module[name] = real;
    });
  }
}
