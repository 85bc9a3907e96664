import { parsePairs } from './coerce.ts';
import { type Environment, nameFor, variablePlace } from './environment.ts';
import { isTree, type Layer, setAt, type Tree, valueAt } from './layer.ts';
import { SIGNALS, type SignalName } from './otlp-schema.ts';

type Reading = (text: string) => unknown;

const asIs: Reading = (text) => text;
const lowerCase: Reading = (text) => text.toLowerCase();
const pairs: Reading = (text) => parsePairs(text) ?? text;
const truth: Reading = (text) => text.toLowerCase() === 'true';
/** OpenTelemetry counts milliseconds; 0 or what is no number is for validation to refuse. */
const milliseconds: Reading = (text) => (/^\d+$/.test(text) ? Number(text) / 1000 : text);

/** What OpenTelemetry has for all signals, and for each. */
const OF_EXPORTERS: readonly (readonly [name: string, key: string, reading: Reading])[] = [
  ['ENDPOINT', 'endpoint', asIs],
  ['PROTOCOL', 'protocol', lowerCase],
  ['HEADERS', 'headers', pairs],
  ['TIMEOUT', 'timeoutSeconds', milliseconds],
  ['COMPRESSION', 'compression', lowerCase],
  ['CERTIFICATE', 'caFile', asIs],
  ['CLIENT_CERTIFICATE', 'certFile', asIs],
  ['CLIENT_KEY', 'keyFile', asIs],
];

/** OpenTelemetry's variables, the later ones above the earlier where they fill the same key. */
const VARIABLES: readonly (readonly [variable: string, key: string, reading: Reading])[] = [
  ...OF_EXPORTERS.map(([name, key, reading]) => [`OTEL_EXPORTER_OTLP_${name}`, `otlp.${key}`, reading] as const),
  ['OTEL_EXPORTER_OTLP_INSECURE', 'otlp.insecure', truth],
  ...SIGNALS.flatMap((signal) =>
    OF_EXPORTERS.map(([name, key, reading]) => [ofSignal(signal, name), `otlp.${signal}.${key}`, reading] as const),
  ),
  ['OTEL_METRIC_EXPORT_INTERVAL', 'otlp.intervalSeconds', milliseconds],
  ['OTEL_RESOURCE_ATTRIBUTES', 'resourceAttributes', pairs],
];

/** The variables that are honoured, for the documentation. */
export const OTEL_VARIABLES: readonly (readonly [variable: string, key: string])[] = [
  ...VARIABLES.map(([variable, key]) => [variable, key] as const),
  ...SIGNALS.map((signal) => [ofSignal(signal, 'INSECURE'), `otlp.${signal}.endpoint (its scheme)`] as const),
  ['OTEL_SERVICE_NAME', 'resourceAttributes (service.name)'],
  ['OTEL_SDK_DISABLED', 'otlp.endpoint (true: none)'],
  ...SIGNALS.map((signal) => [exporterOf(signal), `otlp.${signal}.enabled (a list without otlp: false)`] as const),
];

type Put = (variable: string, key: string, content: unknown) => void;

/**
 * Reads the `OTEL_*` variables that concern us. They are shared with other programs on the host, so one that is overridden is
 * not judged, and one that is unknown is none of our business.
 */
export function readOtelEnvironment(environment: Environment): Layer {
  const value: Tree = {};
  const names = new Map<string, string>();

  const put: Put = (variable, key, content) => {
    setAt(value, key.split('.'), content);
    names.set(key, variable);
  };

  for (const [variable, key, reading] of VARIABLES) {
    const text = environment[variable]?.trim();
    if (text) put(variable, key, reading(text));
  }
  putServiceName(environment.OTEL_SERVICE_NAME, value, names);
  putInsecure(environment, value, put);
  putSwitches(environment, put);
  return { value, faults: [], isShared: true, place: (path) => variablePlace(nameFor(names, path)) };
}

function ofSignal(signal: SignalName, name: string): string {
  return `OTEL_EXPORTER_OTLP_${signal.toUpperCase()}_${name}`;
}

function exporterOf(signal: SignalName): string {
  return `OTEL_${signal.toUpperCase()}_EXPORTER`;
}

/** Of one signal it can only be said by the scheme; an endpoint that has one is not touched. */
function putInsecure(environment: Environment, value: Tree, put: Put): void {
  for (const signal of SIGNALS) {
    const variable = ofSignal(signal, 'INSECURE');
    const text = environment[variable]?.trim();
    const endpoint = valueAt(value, ['otlp', signal, 'endpoint']) ?? valueAt(value, ['otlp', 'endpoint']);
    if (!text || typeof endpoint !== 'string' || endpoint.includes('://')) continue;
    put(variable, `otlp.${signal}.endpoint`, `${truth(text) ? 'http' : 'https'}://${endpoint}`);
  }
}

/** The service name wins over the attribute of that name; an attribute's name has dots, so it is no path. */
function putServiceName(serviceName: string | undefined, value: Tree, names: Map<string, string>): void {
  if (!serviceName) return;
  const given = value.resourceAttributes ?? {};
  if (!isTree(given)) return;

  value.resourceAttributes = { ...given, 'service.name': serviceName };
  names.set('resourceAttributes.service.name', 'OTEL_SERVICE_NAME');
  if (!names.has('resourceAttributes')) names.set('resourceAttributes', 'OTEL_SERVICE_NAME');
}

/** All is turned off by taking the endpoints away, one signal by its switch. */
function putSwitches(environment: Environment, put: Put): void {
  if (environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') {
    put('OTEL_SDK_DISABLED', 'otlp.endpoint', '');
    for (const signal of SIGNALS) put('OTEL_SDK_DISABLED', `otlp.${signal}.endpoint`, '');
  }
  for (const signal of SIGNALS) {
    const exporters = environment[exporterOf(signal)];
    const isOtlp = exporters?.split(',').some((name) => name.trim().toLowerCase() === 'otlp');
    if (exporters && !isOtlp) put(exporterOf(signal), `otlp.${signal}.enabled`, false);
  }
}
