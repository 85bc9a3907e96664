import { DETECTOR_IDS } from '../config/index.ts';
import { INCIDENT_STATES } from '../core/model/incident.ts';
import { ask } from './ask.ts';
import type { Command, OwnFlag } from './command.ts';
import type { IncidentDetail, IncidentsAnswer } from './incident-answer.ts';
import { incidentText } from './incident-text.ts';
import { incidentsText } from './incidents-table.ts';
import { exporterAt, inquire, URL_FLAG, WATCH_FLAG } from './inquiry.ts';
import { type FlagValues, readFlags } from './own-flags.ts';
import { EXIT, type Shell } from './shell.ts';
import { misused } from './usage.ts';

const DEFAULT_LIMIT = '20';
/** The most that an exporter tells at once. */
const ALL = '1000';

const FLAGS: readonly OwnFlag[] = [
  WATCH_FLAG,
  { name: 'state', value: 'STATE', choices: INCIDENT_STATES, summary: 'Only those that are open, resolved or lost.' },
  { name: 'detector', value: 'NAME', choices: DETECTOR_IDS, summary: 'Only those that this detector found.' },
  { name: 'workload', value: 'NAME', summary: 'Only those that this workload caused or suffers from.' },
  { name: 'since', value: 'TIME', summary: 'Only those found since: 30s, 15m, 2h or 7d ago, or an RFC 3339 time.' },
  { name: 'limit', value: 'NUMBER', summary: `How many to show, 1 to ${ALL}. Default: ${DEFAULT_LIMIT}.` },
  { name: 'exit-code', summary: `Exit with ${EXIT.found} where there is one, and with 0 where there is none.` },
  URL_FLAG,
];

export const incidents: Command = {
  name: 'incidents',
  summary: 'Tell what is wrong or was, since when, and who is to blame',
  details: `Asks a running exporter. Without an ID it lists what is open and then what is over, the latest first: WORST is the value at its worst, LIMIT the threshold of the detector. With an ID, of which the end will do, it tells one in full: who, where from, the numbers that show it, and what to do. In a script, culprit incidents --state open --exit-code exits with 0 while nothing is wrong, with ${EXIT.found} when something is, and with 1 when nobody answers.`,
  argument: '[ID]',
  flags: FLAGS,
  takesConfig: false,
  takesJson: true,
  async execute({ args, wantsJson }, shell) {
    const read = readFlags(args, FLAGS, 1);
    if ('problem' in read) return misused(read.problem, 'incidents', shell.stderr);
    const { values } = read;
    const [id] = read.words;
    return id === undefined ? await list(values, wantsJson, shell) : await one(id, values, wantsJson, shell);
  },
};

function list(values: FlagValues, wantsJson: boolean, shell: Shell): Promise<number> {
  return inquire<IncidentsAnswer>(
    {
      command: 'incidents',
      path: 'incidents',
      parameters: ['state', 'detector', 'workload', 'since', 'limit'],
      member: 'incidents',
      text: (answer, look) => incidentsText(answer, new Date(), look),
      code: (answer) => (values['exit-code'] !== undefined && answer.incidents.length > 0 ? EXIT.found : EXIT.ok),
    },
    { limit: DEFAULT_LIMIT, ...values },
    wantsJson,
    shell,
  );
}

async function one(end: string, values: FlagValues, wantsJson: boolean, shell: Shell): Promise<number> {
  const alien = Object.keys(values).find((name) => !['watch', 'url'].includes(name));
  if (alien !== undefined)
    return misused(`--${alien}: expected no ID beside it; got ${end}`, 'incidents', shell.stderr);
  const url = exporterAt(values, 'incidents', shell);
  if (url === undefined) return EXIT.usage;

  const [id = end, ...others] = await idsEnding(url, end);
  if (others.length > 0)
    return misused(`${others.length + 1} ids end with ${end}; expected more of it`, 'incidents', shell.stderr);
  return await inquire<IncidentDetail>(
    {
      command: 'incidents',
      path: `incidents/${encodeURIComponent(id)}`,
      parameters: [],
      member: 'culprit',
      text: (incident, look) => incidentText(incident, new Date(), look),
    },
    values,
    wantsJson,
    shell,
  );
}

/** The list shows the ends of ids only. */
async function idsEnding(url: URL, end: string): Promise<string[]> {
  const never = new AbortController().signal;
  const query = new URLSearchParams({ limit: ALL });
  const { incidents: all } = await ask<IncidentsAnswer>(url, 'incidents', query, 'incidents', never);
  return all.map(({ id }) => id).filter((id) => id.endsWith(end));
}
