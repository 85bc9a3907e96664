import type { Process } from '../model/process.ts';
import { detector, option } from './contract.ts';
import { CLEAR_RATIO, fact, nameOf } from './entities.ts';
import { type Loop, Loops } from './loops.ts';

/**
 * A parent that runs the same program again and again though it fails each time.
 *
 * A retry has a rhythm: the same pause each time, or one that grows. A script that calls `test` forty times has none, and one
 * success in between ends the loop.
 */
export default detector({
  id: 'exec-loop',
  title: 'Exec loop',
  severity: 'warning',

  options: {
    execs: { ...option(5, 'Failures one after the other, of one program under one parent.'), minimum: 3, maximum: 64 },
    windowSeconds: option(60, 'Within so long.'),
    unevenRatio: option(0.5, 'The pauses are even when their standard deviation is below this share of their mean.'),
  },

  runbook: {
    meaning: 'One process runs the same program over and over, and it fails every time.',
    impact: 'CPU and log lines for nothing, and whatever waits for the program waits for ever.',
    diagnosis:
      'The culprit is who retries; the evidence has the program and its last status. Run it by hand as the same user.',
    mitigation:
      'Mend what the program misses (a file, a name, a permission), and give the loop a limit and a growing pause.',
  },

  watch({ execs, windowSeconds, unevenRatio }, { tree, accounts, isBuilder, refuse }) {
    const windowMs = windowSeconds * 1_000;
    const loops = new Loops(execs, refuse);

    function isLooping(process: Process): boolean {
      return !Number.isNaN(process.execedAt) && !isBuilder(process);
    }

    function entityOf({ parent, exe }: Loop) {
      const { pid, startedNs } = parent;
      return {
        kind: 'image',
        key: `${pid}@${startedNs}\n${exe}`,
        name: `${exe} under ${nameOf(parent)} (pid ${pid})`,
      } as const;
    }

    return {
      on: {
        exit(event, process) {
          const parent = process && tree.parent(process);
          if (process === undefined || parent === undefined) return;
          if (event.reason === 'ok') loops.succeed(parent, process.exe);
          else if (isLooping(process)) loops.fail(parent, process.exe, process.execedAt, event.status);
        },
      },

      *assess(now) {
        for (const loop of loops.active(now, windowMs)) {
          const count = loop.within(now, windowMs);
          if (count < CLEAR_RATIO * execs || !loop.hasRhythm(unevenRatio)) continue;
          yield {
            entity: entityOf(loop),
            strength: count / execs,
            value: count,
            threshold: execs,
            unit: '{exec}',
            windowMs,
            onsetAt: loop.since,
            culprit: loop.parent,
            workload: accounts.workloadOf(loop.parent),
            facts: [
              fact(
                `failures of ${loop.exe} in a row`,
                loop.failures,
                '{exec}',
                'sched_process_exit',
                now,
                now - loop.since,
              ),
              fact('mean pause', loop.meanMs() / 1_000, 's', 'sched_process_exec', now, windowMs),
              fact('last status, as wait(2) tells it', loop.lastStatus, '1', 'sched_process_exit', now),
            ],
          };
        }
      },
    };
  },
});
