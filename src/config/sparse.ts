import { FORMATS } from './formats.ts';
import { KEYS, type KeySchema, ROOT } from './keys.ts';
import type { Path } from './layer.ts';
import { didYouMean, suggest } from './suggest.ts';

/** The schema of one source, which need not give what has a default. */
export const SPARSE: KeySchema = sparse(ROOT);

/** The schema of what stands at a path, if the path may exist. What is in a secret is one. */
export function schemaAt(path: Path): KeySchema | undefined {
  return path.reduce<KeySchema | undefined>((schema, step) => {
    if (schema?.items !== undefined) return schema.items;
    const below = schema?.properties?.[step] ?? Object.values(schema?.patternProperties ?? {})[0];
    return schema?.writeOnly && below !== undefined ? { ...below, writeOnly: true } : below;
  }, ROOT);
}

/** Says that a key is unknown, and which was meant: one beside it, or one of that name elsewhere. */
export function unknownKey(section: Path, name: string): string {
  const beside = Object.keys(schemaAt(section)?.properties ?? {});
  if (suggest(name, beside) !== undefined) return `unknown key${didYouMean(name, beside)}`;

  const elsewhere = KEYS.find(({ path }) => path.at(-1)?.toLowerCase() === name.toLowerCase());
  if (elsewhere !== undefined) return `unknown key; did you mean ${elsewhere.name}?`;
  return `unknown key; expected one of ${beside.join(', ')}`;
}

/** Says what the names of a map must be. */
export function badName(map: Path): string {
  const format = schemaAt(map)?.propertyNames?.format ?? '';
  return `expected a name of ${FORMATS[format]?.expected ?? format}`;
}

function sparse(schema: KeySchema): KeySchema {
  const { properties, items, required = [] } = schema;

  return {
    ...schema,
    ...(items !== undefined && { items: sparse(items) }),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, sparse(each)])),
      required: required.filter((name) => properties[name]?.default === undefined && !properties[name]?.properties),
    }),
  };
}
