/** A value as JSON text, and back. */
export interface Codec<Value> {
  write(value: Value): string;
  /** Throws an `Error` that says what was expected. */
  read(json: unknown): Value;
}

type Fields<Whole> = { readonly [Name in keyof Whole]-?: Codec<Whole[Name]> };

/** JSON has neither NaN nor Infinity, and both mean something here. */
export const number: Codec<number> = {
  write(value) {
    if (Number.isFinite(value)) return `${value}`;
    return Number.isNaN(value) ? 'null' : value > 0 ? '"infinity"' : '"-infinity"';
  },
  read(json) {
    if (typeof json === 'number') return json;
    if (json === null) return Number.NaN;
    if (json === 'infinity') return Number.POSITIVE_INFINITY;
    return json === '-infinity' ? Number.NEGATIVE_INFINITY : refuse('a number', json);
  },
};

/** A number that recordings made before it was told do not have. */
export const later: Codec<number> = {
  write: number.write,
  read: (json) => (json === undefined ? Number.NaN : number.read(json)),
};

export const text: Codec<string> = {
  write: (value) => JSON.stringify(value),
  read: (json) => (typeof json === 'string' ? json : refuse('a text', json)),
};

/** A text that recordings made before it was told do not have. */
export const laterText: Codec<string> = {
  write: text.write,
  read: (json) => (json === undefined ? '' : text.read(json)),
};

export const flag: Codec<boolean> = {
  write: (value) => `${value}`,
  read: (json) => (typeof json === 'boolean' ? json : refuse('true or false', json)),
};

export function oneOf<Choice extends string>(choices: readonly Choice[]): Codec<Choice> {
  return {
    write: text.write,
    read: (json) => choices.find((choice) => choice === json) ?? refuse(`one of ${choices.join(', ')}`, json),
  };
}

export function list<Each>({ write, read }: Codec<Each>): Codec<readonly Each[]> {
  return {
    write: (values) => `[${values.map(write).join()}]`,
    read: (json) => (Array.isArray(json) ? json.map(read) : refuse('a list', json)),
  };
}

/** Writes these members and no others; whatever else the value has never leaves. */
export function object<Whole extends object>(fields: Fields<Whole>): Codec<Whole> {
  const names = Object.keys(fields) as (keyof Whole & string)[];
  const leads = names.map((name, index) => `${index === 0 ? '' : ','}${JSON.stringify(name)}:`);

  return {
    write(whole) {
      let written = '{';
      for (let index = 0; index < names.length; index++) {
        const name = names[index]!;
        written += leads[index]! + fields[name].write(whole[name]);
      }
      return `${written}}`;
    },
    read(json) {
      const found = membersOf(json);
      const whole: Partial<Whole> = {};
      for (const name of names) whole[name] = within(name, fields[name], found[name]);
      return whole as Whole;
    },
  };
}

export function membersOf(json: unknown): Readonly<Record<string, unknown>> {
  return typeof json === 'object' && json !== null ? { ...json } : refuse('an object', json);
}

function within<Value>(name: string, { read }: Codec<Value>, json: unknown): Value {
  try {
    return read(json);
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}

export function refuse(expected: string, json: unknown): never {
  throw new Error(`expected ${expected}; got ${JSON.stringify(json)?.slice(0, 80) ?? 'nothing'}`);
}
