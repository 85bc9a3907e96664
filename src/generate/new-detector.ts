/** `npm run new:detector NAME`: writes a detector, its test, and the lines of the list. What it writes fails until it is filled in. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { detectorSource, listWith, testSource } from './detector-scaffold.ts';

const root = join(import.meta.dirname, '../..');
const [id = ''] = process.argv.slice(2);
const source = join(root, `src/core/detect/${id}.ts`);
const test = join(root, `test/core/detect/${id}.test.ts`);
const list = join(root, 'src/core/detect/index.ts');

if (!/^[a-z]+(?:-[a-z]+)*$/.test(id)) {
  refuse(`expected a name such as tcp-storm: words of lower-case letters with dashes; got ${JSON.stringify(id)}`);
} else if (existsSync(source) || existsSync(test)) refuse(`there is a ${id} already`);
else {
  writeFileSync(source, detectorSource(id));
  writeFileSync(test, testSource(id));
  writeFileSync(list, listWith(readFileSync(list, 'utf8'), id));
  console.error(`wrote ${source}\nwrote ${test}\nthen: npm run generate`);
}

function refuse(problem: string): void {
  console.error(problem);
  process.exitCode = 2;
}
