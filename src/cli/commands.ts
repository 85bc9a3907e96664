import { blame } from './blame.ts';
import { checkConfig } from './check-config.ts';
import type { Command } from './command.ts';
import { completion } from './completion.ts';
import { doctor } from './doctor.ts';
import { help } from './help.ts';
import { incidents } from './incidents.ts';
import { replay } from './replay.ts';
import { run } from './run.ts';
import { stream } from './stream.ts';
import { top } from './top.ts';
import { tree } from './tree.ts';
import { version } from './version.ts';
import { workloads } from './workloads.ts';

export const COMMANDS: readonly Command[] = [
  run,
  checkConfig,
  doctor,
  incidents,
  blame,
  workloads,
  top,
  tree,
  stream,
  replay,
  version,
  completion(() => COMMANDS),
  help(() => COMMANDS),
];
