import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = resolve(import.meta.dirname, '..');
const LINES_MAX = 250;

/** Who may import whom. src/README.md has the same table, with a sentence for each; later issues' folders are only here. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'core/model': [],
  'core/wire': ['core/model'],
  'core/tree': ['core/model'],
  'core/account': ['core/model'],
  'core/blame': ['core/model'],
  'core/detect': ['core/model', 'core/tree', 'core/account', 'core/blame'],
  'core/incident': ['core/model'],
  'core/engine': ['core/model', 'core/wire', 'core/tree', 'core/account', 'core/blame', 'core/detect', 'core/incident'],
  'libbpf-ts': [],
  config: ['core/model', 'core/detect'],
  kernel: ['core/model', 'core/wire', 'libbpf-ts'],
  workload: ['core/model'],
  telemetry: ['core/model'],
  analyst: ['core/model'],
  trace: ['core/model'],
  store: ['core/model'],
  recording: ['core/model'],
  http: ['core/model'],
  cli: ['core/model', 'config'],
  generate: ['core/model', 'core/detect', 'config', 'telemetry'],
};

/** The composition root wires the rest together. */
const MAY_IMPORT_ALL = ['', 'app'];

/** The core asks for nothing: time, chance and the world come in as events. */
const IMPURE: Readonly<Record<string, RegExp>> = {
  'a node: module': /['"]node:/,
  'a package': /\bfrom '[^.']|\bimport\('[^.']/,
  'the wall clock': /\bDate\b/,
  'a clock': /\bperformance\b|\bhrtime\b/,
  'a timer': /\bset(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/,
  chance: /\bMath\.random\b|\bcrypto\b/,
  'the process it runs in':
    /\bprocess\.(?:env|argv|exit|cwd|on|once|stdout|stderr|nextTick|memoryUsage|uptime)\b|\bglobalThis\b/,
  'a Buffer': /\bBuffer\b/,
  'the network': /\bfetch\(/,
  'the console': /\bconsole\b/,
};

const IMPORT = /\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g;

const sources = filesOf('src/**/*.ts');
const others = ['bpf/*.{c,h}', 'test/**/*.ts', 'scenarios/**/*.ts', 'bench/**/*.ts'].flatMap(filesOf);

describe('the architecture', () => {
  it('has a line in the table for each folder', () => {
    const folders = new Set(sources.map(({ path }) => folderOf(path)));

    const unknown = [...folders].filter((folder) => !(folder in MAY_IMPORT) && !MAY_IMPORT_ALL.includes(folder));

    assert.deepEqual(unknown, []);
  });

  it('is told the same in src/README.md', () => {
    const readme = readFileSync(join(ROOT, 'src/README.md'), 'utf8');
    const told = [...readme.matchAll(/^\| `([^`]+)` \|.*\| ([^|]+) \|$/gm)];

    const different = told
      .filter(([, folder, grants]) => folder! in MAY_IMPORT && !['the core', 'everything'].includes(grants!))
      .filter(([, folder, grants]) => grants !== shown(MAY_IMPORT[folder!]!))
      .map(([line]) => line);

    assert.deepEqual([told.length > 0, different], [true, []]);
  });

  it('lets imports go only where the table says, those of types too', () => {
    assert.deepEqual(sources.flatMap(forbiddenImports), []);
  });

  it('imports files of ours with their ending, so that they run as they are', () => {
    const bare = sources.flatMap(({ path, text }) =>
      importsOf(text)
        .filter((target) => !/\.(?:ts|json)$/.test(target))
        .map((target) => `${path} imports ${target}`),
    );

    assert.deepEqual(bare, []);
  });

  it('keeps clocks, chance and the world out of the core', () => {
    const impure = sources
      .filter(({ path }) => path.startsWith('src/core/'))
      .flatMap(({ path, text }) =>
        Object.entries(IMPURE)
          .filter(([, pattern]) => pattern.test(withoutComments(text)))
          .map(([what]) => `${path} uses ${what}`),
      );

    assert.deepEqual(impure, []);
  });

  it(`has no file of more than ${LINES_MAX} lines`, () => {
    const long = [...sources, ...others]
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > LINES_MAX)
      .map(({ path, lines }) => `${path}: ${lines}`);

    assert.deepEqual(long, []);
  });

  it('has no drawer for what has no name', () => {
    const drawers = sources.filter(({ path }) => /(?:^|\/)(?:utils?|common|helpers?|types|misc)(?:\.ts|\/)/.test(path));

    assert.deepEqual(drawers, []);
  });
});

describe('the rules themselves', () => {
  it('see an import of a value, of a type, and a dynamic one', () => {
    const text = `import { a } from '../http/a.ts';\nimport type { B } from '../store/b.ts';\nawait import('../cli/c.ts');`;

    assert.deepEqual(forbiddenImports({ path: 'src/telemetry/x.ts', text }).length, 3);
  });

  it('let the composition root import everything', () => {
    assert.deepEqual(forbiddenImports({ path: 'src/main.ts', text: `import { a } from './http/a.ts';` }), []);
  });

  it('let a folder import itself, and what the table grants', () => {
    const text = `import { a } from './a.ts';\nimport { b } from '../core/model/b.ts';`;

    assert.deepEqual(forbiddenImports({ path: 'src/telemetry/x.ts', text }), []);
  });

  it('do not take a word in a comment for a use', () => {
    assert.equal(IMPURE['the wall clock']!.test(withoutComments('/* a Date */ const a = 1; // Date')), false);
  });
});

function filesOf(pattern: string): { readonly path: string; readonly text: string }[] {
  return globSync(pattern, { cwd: ROOT }).map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
}

function forbiddenImports({ path, text }: { readonly path: string; readonly text: string }): string[] {
  const folder = folderOf(path);
  if (MAY_IMPORT_ALL.includes(folder)) return [];
  const granted = [folder, ...(MAY_IMPORT[folder] ?? [])];
  return importsOf(text)
    .map((target) => relative(ROOT, resolve(ROOT, dirname(path), target)))
    .filter((target) => target.startsWith('src/') && !granted.includes(folderOf(target)))
    .map((target) => `${path} imports ${target}`);
}

/** As the README writes it: `model, wire, libbpf-ts`. */
function shown(grants: readonly string[]): string {
  return grants.map((folder) => folder.replace('core/', '')).join(', ') || 'nothing';
}

function importsOf(text: string): string[] {
  return [...withoutComments(text).matchAll(IMPORT)].map(([, target]) => target!);
}

/** Of `src/core/x/y.ts` it is `core/x`, of `src/x/y.ts` it is `x`, of `src/main.ts` nothing. */
function folderOf(path: string): string {
  const [, first, second, third] = path.split('/');
  if (first === undefined || second === undefined) return '';
  return first === 'core' && third !== undefined ? `core/${second}` : first;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}
