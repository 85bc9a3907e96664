/** A shell that forks 23 children. */
export const SHELL_OF_23 = "sh -c 'i=0; while [ $i -lt 23 ]; do /bin/true; i=$((i+1)); done'";

/** A script that runs it so often, one after the other. */
export function shells(times: number): string {
  return `j=0; while [ $j -lt ${times} ]; do ${SHELL_OF_23}; j=$((j+1)); done`;
}

/** What `Cgroup.run(['sh', '-c', shells(times)])` does in the cgroup: the shell that runs the script only execs and exits there. */
export function truthOf(times: number): { readonly forks: number; readonly execs: number; readonly exits: number } {
  const children = times * (1 + 23);
  return { forks: children, execs: children + 1, exits: children + 1 };
}
