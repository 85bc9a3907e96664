import { CONDITIONS } from './group-rule.ts';
import { KEYS } from './keys.ts';
import { isTree } from './layer.ts';
import { otlpConflicts, tlsFiles } from './otlp-conflicts.ts';
import { SIGNALS } from './otlp-schema.ts';
import type { Config } from './schema.ts';

export interface Conflict {
  /** The key to mend. */
  readonly key: string;
  readonly problem: string;
}

/** What the rules below may ask of a configuration that is merged, but maybe faulty elsewhere. */
export interface Question {
  readonly config: Config;
  /** Whether any source gave the key, well or badly. */
  readonly isGiven: (key: string) => boolean;
  /** Whether a source that is ours alone gave the value that holds. */
  readonly isOurs: (key: string) => boolean;
  /** Why a file can't be read, if so. */
  readonly unreadable: (path: string) => string | undefined;
}

/** Keys that are each valid, but not together. */
export function conflicts(question: Question): Conflict[] {
  return [
    ...otlpConflicts(question),
    ...governorConflicts(question.config),
    ...unusedKeys(question),
    ...groupConflicts(question.config),
    ...unreadableFiles(question),
  ];
}

function governorConflicts({ kernel: { stepDownPercent, stopPercent } }: Config): Conflict[] {
  if (!(stopPercent < stepDownPercent)) return [];
  const problem = `expected at least kernel.stepDownPercent (${stepDownPercent}); got ${stopPercent}`;
  return [{ key: 'kernel.stopPercent', problem }];
}

/** A key that changes nothing is a misunderstanding, and better said now. */
function unusedKeys({ config: { mode, record }, isGiven, isOurs }: Question): Conflict[] {
  const isPushed = ['otlp', ...SIGNALS.map((name) => `otlp.${name}`)].some((section) => isGiven(`${section}.endpoint`));
  const pushOnly = KEYS.map(({ name }) => name).filter((name) => name.startsWith('otlp.'));
  const kernelKeys = ['ringBytes', 'drainHz', 'stepDownPercent', 'stopPercent', 'objectPath'];
  const probesOnly = [...kernelKeys.map((name) => `kernel.${name}`), 'blame.io'];

  return [
    ...(isPushed ? [] : pushOnly.filter(isOurs).map((key) => ({ key, problem: 'is not used without otlp.endpoint' }))),
    ...(mode === 'procfs'
      ? probesOnly.filter(isOurs).map((key) => ({ key, problem: 'is not used in the mode procfs' }))
      : []),
    ...(record === '' && isOurs('recordMebibytes')
      ? [{ key: 'recordMebibytes', problem: 'is not used without record' }]
      : []),
  ];
}

function groupConflicts({ groups }: Config): Conflict[] {
  const found: Conflict[] = [];

  groups.forEach((rule, index) => {
    if (!isTree(rule) || CONDITIONS.some((name) => rule[name] !== undefined)) return;
    found.push({
      key: `groups.${index}`,
      problem: `expected at least one of ${CONDITIONS.join(', ')}: the rule matches nothing`,
    });
  });
  return found;
}

function unreadableFiles({ config, unreadable }: Question): Conflict[] {
  const files: (readonly [key: string, path: string])[] = [
    ...tlsFiles(config.otlp),
    ['kernel.objectPath', config.kernel.objectPath],
  ];

  return files.flatMap(([key, path]) => {
    const reason = path === '' ? undefined : unreadable(path);
    return reason === undefined ? [] : [{ key, problem: `cannot read ${path}: ${reason}` }];
  });
}
