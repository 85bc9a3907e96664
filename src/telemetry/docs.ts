import { labelName, prometheusName } from './name.ts';
import type { SheetName } from './rows.ts';
import { type Family, TABLE } from './table.ts';

const WORKLOAD = ['workload', 'workload_kind', 'k8s.namespace.name', 'k8s.pod.name', 'k8s.container.name'];

interface Chapter {
  readonly title: string;
  readonly prose: string;
  readonly labels: readonly string[];
}

const CHAPTERS: Readonly<Record<SheetName | 'self', Chapter>> = {
  groups: {
    title: 'Groups of processes',
    prose:
      'One row for each group in each workload. A group is what a process is an instance of: by default its executable, digits and versions collapsed.',
    labels: ['group', ...WORKLOAD],
  },
  workloads: {
    title: 'Workloads',
    prose: 'One row for each workload: a container, a pod, a systemd unit, a slice, or the host.',
    labels: WORKLOAD,
  },
  workloadInfo: {
    title: 'What is known of containers and pods',
    prose:
      'One row for each of them, open as long as its workload is. A label that nobody told is absent; labels of pods are those that `workloads.labels` names.',
    labels: [
      ...WORKLOAD,
      'container.id',
      'container.name',
      'container.image.name',
      'container.runtime.name',
      'k8s.pod.uid',
      'k8s.deployment.name',
      'k8s.replicaset.name',
      'k8s.statefulset.name',
      'k8s.daemonset.name',
      'k8s.cronjob.name',
      'k8s.job.name',
      'k8s.pod.label.NAME',
    ],
  },
  blame: {
    title: 'Blame',
    prose:
      'One row for each victim, offender and cause. Task-seconds: two tasks that wait for a second make two. Over a victim they add up to its run delay.',
    labels: ['victim', 'offender', 'resource', 'cause', 'basis'],
  },
  host: { title: 'The host', prose: 'Totals since boot.', labels: [] },
  incidents: {
    title: 'Incidents',
    prose: 'One row for each detector, from the start on.',
    labels: ['detector', 'severity'],
  },
  activeIncidents: {
    title: 'Incidents that are open',
    prose: 'One row for each detector and workload that is to blame, as long as one is open.',
    labels: ['detector', 'severity', 'group', 'workload', 'workload_kind', 'victim'],
  },
  self: { title: 'Culprit itself', prose: 'What it lost, what it can not see, and what it costs.', labels: [] },
};

const INTRODUCTION = `# Metrics

Scrape and OTLP push tell the same series: the Prometheus name is OpenTelemetry's name under its standard translation.
A sample that is missing is a number that is not known here, such as a controller that the kernel lacks; it is never told as 0.
Numbers have nine decimals, from a million on six. Counters never fall; a group that was gone for ten minutes starts anew.
\`target_info\` holds the attributes of the resource.`;

/** The documentation of every metric, in Markdown, made from the table. */
export function metricsPage(): string {
  const chapters = Object.entries(CHAPTERS).map(([sheet, chapter]) =>
    chapterText(
      chapter,
      TABLE.filter((family) => family.sheet === sheet),
    ),
  );
  return `${[INTRODUCTION, ...chapters].join('\n\n')}\n`;
}

function chapterText({ title, prose, labels }: Chapter, families: readonly Family[]): string {
  const common = labels.length === 0 ? '' : ` Labels of all: ${labels.map(labelName).map(code).join(', ')}.`;
  const head = '| Prometheus | OpenTelemetry | unit | kind | labels | |\n| --- | --- | --- | --- | --- | --- |';
  return `## ${title}\n\n${prose}${common}\n\n${[head, ...families.map(line)].join('\n')}`;
}

function line(family: Family): string {
  const { name, unit, kind, help } = family;
  const cells = [
    code(prometheusName(name, unit, kind)),
    code(name),
    unit && code(unit),
    kind,
    labelsText(family),
    help,
  ];
  return `| ${cells.join(' | ')} |`;
}

/** Each label with its values, where they are known beforehand. */
function labelsText(family: Family): string {
  return family.attributes
    .map((attribute) => {
      const cells = 'cells' in family ? family.cells : [];
      const values = new Set(cells.map(({ labels }) => labels[attribute]));
      return values.size === 0
        ? code(labelName(attribute))
        : `${code(labelName(attribute))}: ${[...values].join(', ')}`;
    })
    .join('; ');
}

function code(text: string): string {
  return `\`${text}\``;
}
