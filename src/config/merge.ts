import { defaultPlace, type Fault, type Place } from './fault.ts';
import { KEYS, ROOT } from './keys.ts';
import { type Layer, type Path, setAt, type Tree, valueAt } from './layer.ts';
import type { Config } from './schema.ts';
import { validate } from './validate.ts';

export interface Merged {
  /** Faulty keys stand at their defaults. */
  readonly config: Config;
  readonly faults: readonly Fault[];
  readonly isGiven: (key: string) => boolean;
  readonly isOurs: (key: string) => boolean;
  /** Where the value that holds was given. */
  readonly place: (key: string) => Place;
}

/** Lays the layers over the defaults, the last on top, and judges each by itself. */
export function merge(layers: readonly Layer[]): Merged {
  const named = layers.map(withoutEmptySections);
  const accepted = named.map((value) => structuredClone(value));
  const faults = layers.flatMap((layer, index) => {
    const isOverridden = (path: Path): boolean =>
      named.slice(index + 1).some((above) => valueAt(above, path) !== undefined);
    return [...layer.faults, ...validate(layer, accepted[index]!, (path) => !layer.isShared || !isOverridden(path))];
  });

  const topOf = (key: string, values: readonly Tree[]): number => values.findLastIndex((value) => isSaid(value, key));
  return {
    config: toConfig(accepted),
    faults,
    isGiven: (key) => topOf(key, named) >= 0,
    isOurs: (key) => {
      const layer = layers[topOf(key, accepted)];
      return layer !== undefined && !layer.isShared;
    },
    place: (key) => layers[topOf(key, named)]?.place(key.split('.'), 'value') ?? defaultPlace(key),
  };
}

/** An empty map or the empty text says the same as nothing. */
function isSaid(value: Tree, key: string): boolean {
  const said = valueAt(value, key.split('.'));
  return said !== undefined && said !== '';
}

/** Every key by its layers; maps are merged name by name. The one place where checked values become the type. */
function toConfig(values: readonly Tree[]): Config {
  const config: Tree = {};

  for (const { path, schema, form } of KEYS) {
    const said = [schema.default, ...values.map((value) => valueAt(value, path))].filter(
      (value) => value !== undefined,
    );
    setAt(config, path, form === 'map' ? Object.assign({}, ...said) : structuredClone(said.at(-1)));
  }
  return config as Config;
}

/** `otlp:` with nothing beneath it, all its keys commented out, is an empty section. */
function withoutEmptySections({ value }: Layer): Tree {
  const sections = Object.entries(ROOT.properties ?? {}).filter(([, { properties }]) => properties !== undefined);
  const copy = structuredClone(value);

  for (const [name] of sections) if (copy[name] === null) delete copy[name];
  return copy;
}
