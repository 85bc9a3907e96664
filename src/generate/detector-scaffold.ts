/** `tcp-storm` is `tcpStorm`. */
function variableOf(id: string): string {
  return id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** A detector that finds nothing, and whose empty runbook a test refuses. */
export function detectorSource(id: string): string {
  const title = id[0]!.toUpperCase() + id.slice(1).replaceAll('-', ' ');

  return `import { detector, option } from './contract.ts';

export default detector({
  id: '${id}',
  title: '${title}',
  severity: 'warning',

  options: {
    windowSeconds: option(10, 'The window.'),
  },

  runbook: {
    meaning: '',
    impact: '',
    diagnosis: '',
    mitigation: '',
  },

  watch() {
    return {
      assess: () => [],
    };
  },
});
`;
}

export function testSource(id: string): string {
  return `import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import ${variableOf(id)} from '../../../src/core/detect/${id}.ts';
import { host } from './host.ts';

describe('${id}', () => {
  it('names who does it', () => {
    const linux = host(${variableOf(id)});

    assert.deepEqual(linux.open, ['${id}: who']);
  });
});
`;
}

/** The list of detectors with one more, in the order of their names. */
export function listWith(list: string, id: string): string {
  const imports = list.split('\n').filter((line) => /^import /.test(line));
  const own = `import ${variableOf(id)} from './${id}.ts';`;
  const all = [...imports, own].sort((one, other) => (pathOf(one) < pathOf(other) ? -1 : 1));
  const names = all.flatMap((line) => /^import (\w+) from/.exec(line)?.[1] ?? []);

  return `${all.join('\n')}

/** Every detector there is. */
export const DETECTORS: readonly AnyDetector[] = [
${names.map((name) => `  ${name},`).join('\n')}
];
`;
}

function pathOf(line: string): string {
  return /'(.+)'/.exec(line)![1]!;
}
