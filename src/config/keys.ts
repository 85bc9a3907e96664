import { ConfigSchema } from './schema.ts';

/** The part of JSON Schema that our keys use. */
export interface KeySchema {
  readonly type?: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly format?: string;
  /** A secret: its value is never shown. */
  readonly writeOnly?: boolean;
  readonly properties?: Readonly<Record<string, KeySchema>>;
  readonly patternProperties?: Readonly<Record<string, KeySchema>>;
  /** Of a map: what its names must be. */
  readonly propertyNames?: { readonly format: string };
  readonly items?: KeySchema;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

/** One key that holds a value, and the names it goes by outside the file. */
export interface Key {
  readonly path: readonly string[];
  /** `otlp.endpoint` */
  readonly name: string;
  /** `CULPRIT_OTLP_ENDPOINT` */
  readonly variable: string;
  /** `otlp-endpoint` */
  readonly flag: string;
  readonly schema: KeySchema;
  readonly form: 'text' | 'number' | 'boolean' | 'map' | 'list';
}

export const ROOT: KeySchema = ConfigSchema as KeySchema;

/** Every key of the schema, sections flattened, in the order of the schema. */
export const KEYS: readonly Key[] = flatten(ROOT, []);

/** `groups` is a list of mappings: too much for a variable or a flag. */
export function isFileOnly(key: Key): boolean {
  return key.form === 'list';
}

function flatten(section: KeySchema, above: readonly string[]): Key[] {
  return Object.entries(section.properties ?? {}).flatMap(([name, schema]) => {
    const path = [...above, name];
    return schema.properties === undefined ? [key(path, schema)] : flatten(schema, path);
  });
}

function key(path: readonly string[], schema: KeySchema): Key {
  const words = path.flatMap((name) => name.split(/(?=[A-Z])/)).map((word) => word.toLowerCase());

  return {
    path,
    name: path.join('.'),
    variable: ['culprit', ...words].join('_').toUpperCase(),
    flag: words.join('-'),
    schema,
    form: form(schema),
  };
}

function form({ type }: KeySchema): Key['form'] {
  if (type === 'number' || type === 'integer') return 'number';
  if (type === 'boolean') return 'boolean';
  if (type === 'object') return 'map';
  return type === 'array' ? 'list' : 'text';
}
