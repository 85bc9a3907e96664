import type { KeySchema } from './keys.ts';
import { SPARSE } from './sparse.ts';

/** The JSON schema (draft 2020-12) of the file, for editors: `# yaml-language-server: $schema=…`. A fresh copy each time. */
export function jsonSchema(): KeySchema {
  return structuredClone(SPARSE);
}
