import { parsePairs } from './coerce.ts';
import { type Environment, nameFor, variablePlace } from './environment.ts';
import { isTree, type Layer, setAt, type Tree } from './layer.ts';

type Reading = (text: string) => unknown;

const asIs: Reading = (text) => text;
const lowerCase: Reading = (text) => text.toLowerCase();
const pairs: Reading = (text) => parsePairs(text) ?? text;
const truth: Reading = (text) => text.toLowerCase() === 'true';
/** OpenTelemetry counts milliseconds; 0 or what is no number is for validation to refuse. */
const milliseconds: Reading = (text) => (/^\d+$/.test(text) ? Number(text) / 1000 : text);

/** OpenTelemetry's variables, the later ones above the earlier where they fill the same key. */
const VARIABLES: readonly (readonly [variable: string, key: string, reading: Reading])[] = [
  ['OTEL_EXPORTER_OTLP_ENDPOINT', 'otlp.endpoint', asIs],
  ['OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'otlp.metricsEndpoint', asIs],
  ...perSignal('PROTOCOL', 'otlp.protocol', lowerCase),
  ...perSignal('HEADERS', 'otlp.headers', pairs),
  ...perSignal('TIMEOUT', 'otlp.timeoutSeconds', milliseconds),
  ...perSignal('COMPRESSION', 'otlp.compression', lowerCase),
  ...perSignal('INSECURE', 'otlp.insecure', truth),
  ...perSignal('CERTIFICATE', 'otlp.caFile', asIs),
  ...perSignal('CLIENT_CERTIFICATE', 'otlp.certFile', asIs),
  ...perSignal('CLIENT_KEY', 'otlp.keyFile', asIs),
  ['OTEL_METRIC_EXPORT_INTERVAL', 'otlp.intervalSeconds', milliseconds],
  ['OTEL_RESOURCE_ATTRIBUTES', 'resourceAttributes', pairs],
];

/** The variables that are honoured, for the documentation. */
export const OTEL_VARIABLES: readonly (readonly [variable: string, key: string])[] = [
  ...VARIABLES.map(([variable, key]) => [variable, key] as const),
  ['OTEL_SERVICE_NAME', 'resourceAttributes (service.name)'],
  ['OTEL_SDK_DISABLED', 'otlp.endpoint (true: none)'],
  ['OTEL_METRICS_EXPORTER', 'otlp.endpoint (a list without otlp: none)'],
];

/**
 * Reads the `OTEL_*` variables that concern us. They are shared with other programs on the host, so one that is overridden is
 * not judged, and one that is unknown is none of our business.
 */
export function readOtelEnvironment(environment: Environment): Layer {
  const value: Tree = {};
  const names = new Map<string, string>();

  const put = (variable: string, key: string, content: unknown): void => {
    setAt(value, key.split('.'), content);
    names.set(key, variable);
  };

  for (const [variable, key, reading] of VARIABLES) {
    const text = environment[variable]?.trim();
    if (text) put(variable, key, reading(text));
  }
  putServiceName(environment.OTEL_SERVICE_NAME, value, names);
  putExporter(environment, put);
  return { value, faults: [], isShared: true, place: (path) => variablePlace(nameFor(names, path)) };
}

function perSignal(name: string, key: string, reading: Reading) {
  return [
    [`OTEL_EXPORTER_OTLP_${name}`, key, reading],
    [`OTEL_EXPORTER_OTLP_METRICS_${name}`, key, reading],
  ] as const;
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

/** Both switches name no endpoint of their own: they turn the push off, or on at OpenTelemetry's default. */
function putExporter(environment: Environment, put: (variable: string, key: string, content: unknown) => void): void {
  const { OTEL_SDK_DISABLED: disabled, OTEL_METRICS_EXPORTER: exporters } = environment;
  const isOtlp = exporters?.split(',').some((name) => name.trim().toLowerCase() === 'otlp');
  const off =
    disabled?.trim().toLowerCase() === 'true'
      ? 'OTEL_SDK_DISABLED'
      : exporters && !isOtlp
        ? 'OTEL_METRICS_EXPORTER'
        : undefined;

  if (off !== undefined) {
    put(off, 'otlp.endpoint', '');
    put(off, 'otlp.metricsEndpoint', '');
  }
}
