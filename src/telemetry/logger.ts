import pino, { type DestinationStream, type Logger } from 'pino';

/** Keys whose values never reach the log, wherever a careless log call might put them. */
const secretKeys = ['password', 'passphrase', 'token', 'authorization', 'cookie', 'key', 'secret'];

/** JSON lines on standard error, so that standard output stays free for what a command prints. */
export function createLogger(level: string, destination: DestinationStream = pino.destination(2)): Logger {
  return pino(
    {
      name: 'rackwatch',
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '<secret>' },
    },
    destination,
  );
}
