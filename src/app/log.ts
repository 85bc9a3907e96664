import { type Logger, pino } from 'pino';
import type { Config } from '../config/index.ts';

type Level = Config['log']['level'];

/** Of HTTP: no more than warnings, for it would tell the address a second time, and no more than of the rest. */
export function httpLevel(level: Level): Level {
  return rank(level) > rank('warn') ? level : 'warn';
}

/** "silent" is above all. */
function rank(level: Level): number {
  return pino.levels.values[level] ?? Number.POSITIVE_INFINITY;
}

/** Logs to standard error: one JSON object a line, or text where a person reads. */
export async function openLog({ level, format }: Config['log']): Promise<Logger> {
  const isPretty = format === 'pretty' || (format === 'auto' && process.stderr.isTTY === true);
  if (!isPretty) return pino({ level, base: null }, pino.destination({ dest: 2, sync: true }));

  const { default: pretty } = await import('pino-pretty');
  return pino({ level, base: null }, pretty({ destination: 2, sync: true, translateTime: 'SYS:HH:MM:ss.l' }));
}
