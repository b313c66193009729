import type { Logger } from '@pushfleet/runtime';
import type { SimulatedProcess } from '../world/process.ts';

/** A logger whose warnings and errors are part of the trace. What the last defence has caught is a finding. */
export function traceLogger(process: SimulatedProcess): Logger {
  const write = (level: string) => (first: unknown, second?: string) => {
    const [fields, text] =
      typeof first === 'string' ? [{}, first] : [(first ?? {}) as Record<string, unknown>, second ?? ''];
    process.world.record(process.name, `${level}: ${text}${describe(fields)}`);
    if (text === 'an exception was stopped at the barrier') {
      const { err, place } = fields as { err?: Error; place?: string };
      process.world.find('exception', `${process.name}: at "${place}": ${err?.stack ?? err}`, { who: process.name });
    }
  };
  const silent = () => {};
  const logger = {
    trace: silent,
    debug: silent,
    info: silent,
    warn: write('warns'),
    error: write('errs'),
    fatal: write('fatal'),
  };
  return { ...logger, level: 'warn', child: () => logger } as unknown as Logger;
}

function describe(fields: Record<string, unknown>): string {
  const shown = Object.entries(fields).flatMap(([name, value]) => {
    if (value instanceof Error) return [value.message];
    return typeof value === 'object' || value === undefined ? [] : [`${name}=${value}`];
  });
  return shown.length > 0 ? ` (${shown.join(', ')})` : '';
}
