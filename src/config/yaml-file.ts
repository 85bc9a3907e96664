import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';

import type { Fault, Place } from './fault.ts';
import { isTree, type Layer, type Path, type Tree } from './layer.ts';

/** More than any configuration, and little enough to parse at once. */
const FILE_BYTES_MAX = 1 << 20;

/** Reads YAML 1.2 bytes as a layer; every fault of syntax becomes one of the layer's. */
export function readYaml(name: string, bytes: Uint8Array): Layer {
  const whole: Place = { source: 'file', name, line: 1, column: 1 };
  const refuse = (problem: string): Layer => empty(whole, [{ ...whole, key: '', problem }]);

  if (bytes.length > FILE_BYTES_MAX) return refuse(`expected at most ${FILE_BYTES_MAX} bytes; got ${bytes.length}`);
  const text = decode(bytes);
  if (text === undefined) return refuse('expected UTF-8; got other bytes');

  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    ...at(whole, lines, pos[0]),
    key: code === 'DUPLICATE_KEY' ? keyAt(document, pos[0]) : '',
    problem: code === 'DUPLICATE_KEY' ? 'this key is given twice' : `not valid YAML: ${message}`,
  }));
  if (document.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return empty(whole, faults);

  const { value, problem } = toTree(document);
  if (problem !== undefined) faults.push({ ...whole, key: '', problem });
  return { value, faults, place: (path, part) => locate(document, lines, whole, path, part) };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function empty(whole: Place, faults: readonly Fault[]): Layer {
  return { value: {}, faults, place: () => whole };
}

function toTree(document: Document.Parsed): { value: Tree; problem?: string } {
  try {
    const value: unknown = document.toJS();
    if (value === null) return { value: {} };
    if (isTree(value)) return { value };
    return { value: {}, problem: `expected a mapping of keys; got ${Array.isArray(value) ? 'a list' : 'one value'}` };
  } catch (error) {
    return { value: {}, problem: `not valid YAML: ${error instanceof Error ? error.message : String(error)}` };
  }
}

/** Follows a path through the nodes as far as it goes; aliases are not followed, so they are the place. */
function locate(document: Document.Parsed, lines: LineCounter, whole: Place, path: Path, part: 'key' | 'value'): Place {
  let node: unknown = document.contents;
  let found: Node | null = null;

  for (const [index, step] of path.entries()) {
    const pair = isMap(node)
      ? node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step))
      : undefined;
    const next = isSeq(node) ? node.items[Number(step)] : pair?.value;
    const wantsKey = part === 'key' && index === path.length - 1;
    const shown = isPair(pair) && (wantsKey || !isNode(next)) ? pair.key : next;
    if (!isNode(shown)) break;
    found = shown;
    node = next;
  }
  return found?.range ? at(whole, lines, found.range[0]) : whole;
}

/** The name of the key that stands at an offset. */
function keyAt(document: Document.Parsed, offset: number): string {
  let name = '';

  visit(document, {
    Pair(_, pair, ancestors) {
      if (!isNode(pair.key) || pair.key.range?.[0] !== offset) return undefined;
      const pairs = [...ancestors.filter((ancestor) => isPair(ancestor)), pair];
      name = pairs.map(({ key }) => (isScalar(key) ? String(key.value) : '')).join('.');
      return visit.BREAK;
    },
  });
  return name;
}

function at(whole: Place, lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return { ...whole, line: Math.max(line, 1), column: Math.max(col, 1) };
}
