/** Where a value came from, as a person would look for it. */
export interface Place {
  readonly source: 'file' | 'environment' | 'flag' | 'default';
  /** The path of the file, the name of the variable, or the flag with its dashes. */
  readonly name: string;
  /** From 1; in files. */
  readonly line?: number;
  readonly column?: number;
}

/** One thing that is wrong with the configuration. */
export interface Fault extends Place {
  /** The key, such as `log.level`; empty when the fault is not one key's. */
  readonly key: string;
  /** What was expected and what came; never a secret. */
  readonly problem: string;
}

/** `culprit.yaml:4:10`, `CULPRIT_LISTEN` or `--listen`. */
export function describePlace({ name, line, column }: Place): string {
  return line === undefined ? name : `${name}:${line}:${column ?? 1}`;
}

export function defaultPlace(key: string): Place {
  return { source: 'default', name: key };
}

/** One line a fault, under a line that counts them. */
export function describeFaults(faults: readonly Fault[]): string {
  const lines = faults.map((fault) => {
    const subject = fault.key === '' || fault.key === fault.name ? '' : `${fault.key}: `;
    return `  ${describePlace(fault)}: ${subject}${fault.problem}`;
  });
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;

  return [`${count} in the configuration:`, ...lines].join('\n');
}
