import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger, type LoggerOptions, levels, pino } from 'pino';
import { type Clock, systemClock } from './clock.ts';
import { LogCap, logCap } from './log-cap.ts';
import { visibleJson } from './text/visible-text.ts';

export type { Logger } from 'pino';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * Logs JSON lines on standard output. Secrets are masked wherever they stand in what is logged, and a terminal may show the lines
 * whatever a device had logged: no character in them is one that it would obey. No storm fills the log: see LogCap.
 */
export function createLogger(
  process: string,
  level: LogLevel,
  stream: DestinationStream = createStandardOutput(),
  clock: Pick<Clock, 'now' | 'after'> = systemClock,
): Logger {
  const options: LoggerOptions = {
    level,
    base: { process },
    redact: { paths: ['secret', 'ticket', 'token', 'password', '*.secret', '*.ticket', '*.token', '*.password'] },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: visibleJson, logMethod: capLines(new LogCap(clock)) },
  };
  return pino(options, stream);
}

const infoLevel = levels.values.info ?? 30;

function capLines(cap: LogCap): NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']> {
  return function logMethod(args, log, level) {
    const text = textOf(args);
    const most = level < infoLevel ? logCap.debugLines : logCap.lines;
    if (cap.takes(text, most, (leftOut) => log.apply(this, [{ leftOut }, text]))) log.apply(this, args);
  };
}

function textOf([fields, text]: readonly unknown[]): string {
  if (text !== undefined) return String(text);
  return fields instanceof Error ? fields.message : String(fields);
}

/** A logger that writes nothing, for tests and tools. */
export const silentLogger: Logger = pino({ level: 'silent' });

/** Writes bytes and returns how many were written. @throws Error of the system. */
type Write = (bytes: Uint8Array) => number;

/**
 * Lines on standard output. One that it does not take — the disk is full, the reader or the terminal is gone, a pipe has
 * no room — is lost, and nothing else: no process ends of its log, and none keeps what it cannot write.
 */
export function createStandardOutput(write: Write = (bytes) => writeSync(1, bytes)): DestinationStream {
  /** The last line was written in part. */
  let isTorn = false;
  return {
    write(line) {
      let rest: Uint8Array = Buffer.from(isTorn ? `\n${line}` : line);
      const { length } = rest;
      try {
        while (rest.length > 0) rest = rest.subarray(write(rest));
        isTorn = false;
      } catch {
        isTorn ||= rest.length < length;
      }
    },
  };
}
