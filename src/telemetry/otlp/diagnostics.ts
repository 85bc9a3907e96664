import { type DiagLogger, DiagLogLevel, diag } from '@opentelemetry/api';
import { setGlobalErrorHandler } from '@opentelemetry/core';

const QUIET_MS = 60_000;
const KINDS_MAX = 100;

/**
 * Lets the SDK's warnings through to our log, each kind of them at most once a minute.
 *
 * Failed pushes are not told here: they are counted, and told once for each outage.
 */
export function routeDiagnostics(log: (message: string) => void, now: () => number): void {
  const toldAt = new Map<string, number>();

  function tell(message: string): void {
    const kind = message.slice(0, 60);
    if (now() - (toldAt.get(kind) ?? -Infinity) < QUIET_MS) return;
    if (toldAt.size >= KINDS_MAX) toldAt.clear();
    toldAt.set(kind, now());
    log(`OpenTelemetry: ${message}`);
  }

  const silent = () => {};
  const logger: DiagLogger = {
    error: (message) => tell(message),
    warn: (message, ...details) => tell([message, ...details.filter((detail) => typeof detail === 'string')].join(' ')),
    info: silent,
    debug: silent,
    verbose: silent,
  };
  diag.setLogger(logger, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  setGlobalErrorHandler((error) => {
    const message = error instanceof Error ? error.message : String(error);
    if (!message.includes('metrics export failed')) tell(message);
  });
}
