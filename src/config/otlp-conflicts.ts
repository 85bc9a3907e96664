import type { Conflict, Question } from './conflicts.ts';
import { SIGNALS } from './otlp-schema.ts';
import { type SignalPush, signalPush } from './otlp-signal.ts';
import type { Config } from './schema.ts';

type Otlp = Config['otlp'];

const FILES = ['caFile', 'certFile', 'keyFile'] as const;

/** Keys of the push that are each valid, but not together. */
export function otlpConflicts({ config: { otlp }, isGiven, isOurs }: Question): Conflict[] {
  const found: Conflict[] = [];
  const when = (isTrue: boolean, key: string, problem: string): void => {
    if (isTrue) found.push({ key, problem });
  };

  for (const [section, { certFile, keyFile }] of sections(otlp)) {
    when(certFile !== '' && !isGiven(`${section}.keyFile`), `${section}.certFile`, `needs ${section}.keyFile as well`);
    when(keyFile !== '' && !isGiven(`${section}.certFile`), `${section}.keyFile`, `needs ${section}.certFile as well`);
  }
  for (const [key, path] of tlsFiles(otlp)) {
    when(path !== '' && isPlain(key, otlp), key, 'has no use without TLS: the endpoint is http:// or insecure');
  }
  when(otlp.insecure && /^https:/i.test(otlp.endpoint), 'otlp.insecure', `contradicts the endpoint ${otlp.endpoint}`);
  for (const [section, { timeoutSeconds }] of [['otlp', otlp] as const, ['otlp.metrics', otlp.metrics] as const]) {
    when(
      timeoutSeconds > otlp.intervalSeconds && isOurs(`${section}.timeoutSeconds`),
      `${section}.timeoutSeconds`,
      `expected at most otlp.intervalSeconds (${otlp.intervalSeconds}); got ${timeoutSeconds}`,
    );
  }
  return [...found, ...schemeless(otlp)];
}

/** Files of certificates, by key. */
export function tlsFiles(otlp: Otlp): (readonly [key: string, path: string])[] {
  return sections(otlp).flatMap(([section, files]) =>
    FILES.map((name) => [`${section}.${name}`, files[name]] as const),
  );
}

/** What all signals have, and what each has of its own. */
function sections(otlp: Otlp): (readonly [section: string, Pick<Otlp, (typeof FILES)[number]>])[] {
  return [['otlp', otlp], ...SIGNALS.map((name) => [`otlp.${name}`, otlp[name]] as const)];
}

/** Whether no signal that a key is for goes by TLS. */
function isPlain(key: string, otlp: Otlp): boolean {
  const pushes = SIGNALS.filter((name) => key.startsWith(`otlp.${name}.`) || key.split('.').length === 2)
    .map((name) => signalPush(otlp, name))
    .filter((push) => push !== undefined);
  return pushes.length > 0 && pushes.every((push) => /^http:/i.test(endpointOf(push)) || push.insecure);
}

/** Only gRPC may leave the scheme out. Each key is named once. */
function schemeless(otlp: Otlp): Conflict[] {
  const found = new Map<string, Conflict>();
  for (const name of SIGNALS) {
    const push = signalPush(otlp, name);
    if (push?.protocol !== 'http/protobuf' || /^https?:/i.test(endpointOf(push))) continue;
    const key = push.ownEndpoint === '' ? 'otlp.endpoint' : `otlp.${name}.endpoint`;
    const problem = `expected http:// or https:// with the protocol http/protobuf; got "${endpointOf(push)}"`;
    found.set(key, { key, problem });
  }
  return [...found.values()];
}

function endpointOf({ ownEndpoint, endpoint }: SignalPush): string {
  return ownEndpoint || endpoint;
}
