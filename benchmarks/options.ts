import { choice, type Option, readArguments, usageOf, type ValuesOf } from '@pushfleet/simulation/arguments';

export { amount, choice, choices, flag, list, needed, text, whole } from '@pushfleet/simulation/arguments';

/** The registry that the cluster keeps its state in. */
export function registryOption(initial: 'embedded' | 'redis'): Option<'embedded' | 'redis'> {
  return choice(initial, ['embedded', 'redis']);
}

/** The options that a benchmark was called with: whatever is none of them, or is not what it must be, ends the process with status 2. */
export function readOptions<Options extends Record<string, Option<unknown>>>(
  benchmark: string,
  options: Options,
): ValuesOf<Options> {
  return readArguments(options, usageOf(`npm run ${benchmark} -w benchmarks --`, options));
}
