import { conflicts } from './conflicts.ts';
import { CONFIG_VARIABLE, type Environment, readEnvironment } from './environment.ts';
import { defaultPlace, describePlace, type Fault, type Place } from './fault.ts';
import { type Flags, readFlags } from './flags.ts';
import { KEYS } from './keys.ts';
import type { Layer } from './layer.ts';
import { merge } from './merge.ts';
import { readOtelEnvironment } from './otel-environment.ts';
import type { Config } from './schema.ts';
import { readYaml } from './yaml-file.ts';

/** Read when it exists and nothing else is named. */
export const DEFAULT_FILE = '/etc/culprit/culprit.yaml';

export interface Sources {
  /** What stands after the command, without the command's own flags. */
  readonly flags?: readonly string[];
  readonly env?: Environment;
  /** Throws as `fs.readFileSync` does. */
  readonly readFile: (path: string) => Uint8Array;
}

export type Loaded = Valid | { readonly faults: readonly Fault[] };

export interface Valid {
  readonly config: Config;
  /** The file that was read, if any. */
  readonly file?: string;
  /** Where each key got its value, for those that are not at their default. */
  readonly origins: ReadonlyMap<string, string>;
}

/**
 * Parses flags, environment and file once and completely: a deep-frozen configuration, or every fault of all three.
 *
 * Flags win over `CULPRIT_*`, they over `OTEL_*`, they over the file, it over the defaults. Never throws.
 */
export function loadConfig({ flags = [], env = {}, readFile }: Sources): Loaded {
  const flagLayer = readFlags(flags);
  const [file, fileLayer] = readConfigFile(flagLayer, env, readFile);
  const layers = [fileLayer, readOtelEnvironment(env), readEnvironment(env), flagLayer];

  const merged = merge(layers);
  const crossed = conflicts({ ...merged, unreadable: (path) => refusal(path, readFile) });
  const faults = [...merged.faults, ...crossed.map(({ key, problem }) => ({ ...merged.place(key), key, problem }))];

  if (faults.length > 0) return { faults: faults.toSorted(byPlace) };
  return {
    config: settle(merged.config, merged.isOurs),
    origins: origins(merged.place),
    ...(file !== undefined && { file }),
  };
}

function readConfigFile(flags: Flags, env: Environment, readFile: Sources['readFile']): [string | undefined, Layer] {
  const named = flags.file ?? (env[CONFIG_VARIABLE] || undefined);
  const path = named ?? DEFAULT_FILE;

  const isAbsent = named === undefined && refusal(path, readFile) === 'ENOENT';
  if (isAbsent) return [undefined, { value: {}, faults: [], place: () => defaultPlace('') }];
  return [path, readConfig(path, readFile)];
}

/** A file that can't be read is a fault of the layer. */
export function readConfig(path: string, readFile: Sources['readFile']): Layer {
  try {
    return readYaml(path, readFile(path));
  } catch (error) {
    const place: Place = { source: 'file', name: path };
    const fault = { ...place, key: '', problem: `cannot read the file: ${errorCode(error)}` };
    return { value: {}, faults: [fault], place: () => place };
  }
}

function refusal(path: string, readFile: Sources['readFile']): string | undefined {
  try {
    readFile(path);
    return undefined;
  } catch (error) {
    return errorCode(error);
  }
}

function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

/** The default timeout must not outlast a shorter interval: the SDK refuses that. */
function settle(config: Config, isOurs: (key: string) => boolean): Config {
  const { otlp } = config;
  if (otlp.timeoutSeconds <= otlp.intervalSeconds || isOurs('otlp.timeoutSeconds')) return deepFreeze(config);
  return deepFreeze({ ...config, otlp: { ...otlp, timeoutSeconds: otlp.intervalSeconds } });
}

function origins(place: (key: string) => Place): Map<string, string> {
  const given = KEYS.map(({ name }) => [name, place(name)] as const).filter(([, { source }]) => source !== 'default');
  return new Map(given.map(([name, origin]) => [name, describePlace(origin)]));
}

const ORDER = ['file', 'environment', 'flag', 'default'];

function byPlace(one: Fault, other: Fault): number {
  const sources = ORDER.indexOf(one.source) - ORDER.indexOf(other.source);
  return sources || (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.values(value).forEach(deepFreeze);
  return Object.freeze(value);
}
