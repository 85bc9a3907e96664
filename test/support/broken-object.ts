import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratch } from './scratch.ts';

const OBJECT = join(import.meta.dirname, '../../dist/culprit.bpf.o');
const NOWHERE = 'tp_btf/no_such_hook';

/** The path of the built probes, with one hook, `tp_btf/sched_process_exec` or so, replaced by one that no kernel has. */
export function withoutHook(section: string): string {
  const bytes = readFileSync(OBJECT);
  const path = join(scratch, `without-${section.replace('/', '-')}.bpf.o`);
  const places = occurrences(bytes, section);

  assert.ok(places.length > 0 && section.length >= NOWHERE.length, section);
  for (const at of places) bytes.write(NOWHERE.padEnd(section.length, '_'), at, 'latin1');
  writeFileSync(path, bytes);
  return path;
}

function occurrences(bytes: Buffer, text: string): number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at);
  return places;
}
