import { type DestinationStream, type Logger, type LoggerOptions, pino } from 'pino';
import { createStandardOutput } from './standard-output.ts';
import { visibleJson } from './text/visible-text.ts';

export type { Logger } from 'pino';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/**
 * Logs JSON lines on standard output. Secrets are masked wherever they stand in what is logged, and a terminal may show the lines
 * whatever a device had logged: no character in them is one that it would obey.
 */
export function createLogger(
  process: string,
  level: LogLevel,
  stream: DestinationStream = createStandardOutput(),
): Logger {
  const options: LoggerOptions = {
    level,
    base: { process },
    redact: { paths: ['secret', 'ticket', 'token', 'password', '*.secret', '*.ticket', '*.token', '*.password'] },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: visibleJson },
  };
  return pino(options, stream);
}

/** A logger that writes nothing, for tests and tools. */
export const silentLogger: Logger = pino({ level: 'silent' });
