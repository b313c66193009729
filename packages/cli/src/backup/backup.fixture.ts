import { vi } from 'vitest';
import { createProgram } from '../program.ts';

/** Runs a command of the program in this process, and answers what it printed. */
export async function run(environment: Record<string, string>, args: string[]): Promise<string> {
  const printed: string[] = [];
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0);
  try {
    const stop = () => new AbortController().signal;
    await createProgram({ environment, stop }).exitOverride().parseAsync(args, { from: 'user' });
    return printed.join('');
  } finally {
    write.mockRestore();
  }
}
