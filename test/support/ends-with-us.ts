import type { ChildProcess } from 'node:child_process';
import './exit-on-signals.ts';

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A child that does not outlive this process. One listener for all of them: a bench starts hundreds. */
export function endsWithUs<Child extends ChildProcess>(child: Child): Child {
  running.add(child);
  return child.once('exit', () => running.delete(child));
}
