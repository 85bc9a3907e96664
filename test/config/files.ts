import { type Loaded, loadConfig, type Sources, type Valid } from '../../src/config/index.ts';

/** A `readFile` over a few texts, refusing all else as the system does. */
export function files(texts: Readonly<Record<string, string | Uint8Array>>): Sources['readFile'] {
  return (path) => {
    const content = texts[path];
    if (content === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
    return typeof content === 'string' ? new TextEncoder().encode(content) : content;
  };
}

/** Loads one YAML text, and whatever else is given. */
export function load(yaml: string, sources: Omit<Sources, 'readFile'> = {}): Loaded {
  const { flags = [], env = {} } = sources;
  return loadConfig({
    flags: ['--config', '/c.yaml', ...flags],
    env,
    readFile: files({ '/c.yaml': yaml, '/tls.pem': 'x' }),
  });
}

export function valid(loaded: Loaded): Valid {
  if ('faults' in loaded) throw new Error(loaded.faults.map(({ name, problem }) => `${name}: ${problem}`).join('\n'));
  return loaded;
}

/** `place key: problem` for each fault. */
export function faults(loaded: Loaded): string[] {
  if (!('faults' in loaded)) return [];
  return loaded.faults.map(({ name, line, column, key, problem }) => {
    const place = line === undefined ? name : `${line}:${column}`;
    return [place, key, problem].filter((part) => part !== '').join(' | ');
  });
}
