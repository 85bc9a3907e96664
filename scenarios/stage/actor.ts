import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Place } from '../../bench/harness/place.ts';
import { scratch } from '../../test/support/scratch.ts';
import { until } from '../../test/support/until.ts';

/**
 * Enters cgroups by opening their doors, then leaves for init: whoever works for npm, as all do that a script of npm starts, is
 * excused of its forks.
 */
const ENTER =
  'doors=$1; shift; while [ $doors -gt 0 ]; do echo 0 >"$1"; shift; doors=$((doors - 1)); done; exec setsid --fork "$@"';
const BECOME = ['sh', '-c', 'printf \'{"what":"pid","value":%d,"at":0}\\n\' $$; exec "$@"', 'sh'];
/** A script's own words go to its log; that it is over, and how, goes to us. */
const SCRIPT = 'sh -c "$0" >&2; printf \'{"what":"exited","value":%d,"at":0}\\n\' $?';

/** What an actor tells, as bench/load/trouble.c writes it. */
export interface Line {
  readonly what: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

let started = 0;

/** Something that was started in a cgroup, and works for nobody. */
export class Actor {
  pid = Number.NaN;
  /** A pipe with a name: Node closes one of its own when the process that it started is over, and here that one only starts another. */
  readonly #input: number;
  readonly #lines: Line[] = [];
  readonly #log: string;
  #isGone = false;

  private constructor(input: number, output: Readable, log: string) {
    this.#input = input;
    this.#log = log;
    const lines = createInterface({ input: output });
    lines.on('line', (line) => this.#lines.push(JSON.parse(line)));
    // Whoever it begat holds the other end too.
    lines.once('close', () => {
      this.#isGone = true;
    });
  }

  /** The command itself becomes the process; what it prints are lines. */
  static async start({ doors }: Place, command: readonly string[]): Promise<Actor> {
    const path = join(scratch, `actor-${started++}`);
    const log = `${path}.log`;
    const errors = openSync(log, 'w');
    execFileSync('mkfifo', [path]);
    const input = openSync(path, 'r+');
    const { stdout } = spawn('sh', ['-c', ENTER, 'sh', String(doors.length), ...doors, ...BECOME, ...command], {
      stdio: [input, 'pipe', errors],
      cwd: scratch,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, LANG: 'C.UTF-8' },
    });
    closeSync(errors);
    const actor = new Actor(input, stdout!, log);
    actor.pid = (await actor.told('pid')).value;
    return actor;
  }

  /** Runs a script to its end, under a shell of its own. */
  static async run(place: Place, script: string): Promise<Actor> {
    return Actor.start(place, ['sh', '-c', SCRIPT, script]);
  }

  /** Wakes a load that waits for a line. */
  go(): void {
    writeSync(this.#input, '\n');
  }

  /** The first line that tells so; rejects when it has ended without. */
  async told(what: string, withinMs = 60_000): Promise<Line> {
    return until(
      () => {
        const line = this.#lines.find((each) => each.what === what);
        if (line === undefined && this.#isGone) throw new Error(`no '${what}' was told:\n${this.log()}`);
        return line;
      },
      { withinMs, what },
    );
  }

  /** Waits for the end of a script; throws its log if it failed. */
  async succeeded(withinMs = 900_000): Promise<void> {
    const { value } = await this.told('exited', withinMs);
    if (value !== 0) throw new Error(`a script of the scenario failed with ${value}:\n${this.log()}`);
  }

  log(): string {
    return readFileSync(this.#log, 'utf8').split('\n').slice(-20).join('\n');
  }
}
