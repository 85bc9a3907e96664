import { printable, wrap } from './paint.ts';
import type { ForestAnswer, GraphAnswer, GraphTold, ProcessTold } from './process-answer.ts';
import { bytes, cpu, emphasize, forks, nameOf, userOf, workloadOf } from './process-cells.ts';
import { type Column, type Look, table } from './table.ts';

/** A line of the drawing. Without a process it says what was left out. */
interface Line {
  readonly drawn: string;
  readonly process?: ProcessTold;
  /** Of an ancestor nothing is summed up. */
  readonly subtree?: GraphTold['subtree'];
  /** It stands out among those above it. */
  readonly isAsked?: boolean;
  /** Empty where it is the same as above. */
  readonly workload: string;
}

const of = (cell: (process: ProcessTold) => string) => (line: Line) =>
  line.process === undefined ? '' : cell(line.process);
const sumOf = (cell: (subtree: GraphTold['subtree']) => string) => (line: Line) =>
  line.subtree === undefined || line.subtree.processes === 1 ? '' : cell(line.subtree);

const COLUMNS: readonly Column<Line>[] = [
  { heading: 'PROCESS', cell: ({ drawn }) => drawn, widthMin: 24 },
  { heading: 'PID', cell: of(({ pid }) => String(pid)), isNumber: true },
  { heading: 'USER', cell: of(userOf), widthMin: 8, spare: 3 },
  { heading: 'CPU', cell: of(({ cpuRatio }) => cpu(cpuRatio)), isNumber: true },
  { heading: 'MEMORY', cell: of(({ residentBytes }) => bytes(residentBytes)), isNumber: true },
  { heading: 'FORKS/S', cell: of(forks), isNumber: true, spare: 2 },
  { heading: 'ALL', cell: sumOf(({ processes }) => String(processes)), isNumber: true },
  { heading: 'ALL CPU', cell: sumOf(({ cpuRatio }) => cpu(cpuRatio)), isNumber: true, spare: 1 },
  { heading: 'WORKLOAD', cell: ({ workload }) => workload, widthMin: 12 },
];

/** Whom it comes from, down to it, and who comes from it. */
export function treeText({ ancestors, ancestorsLeftOut, root, degraded }: GraphAnswer, look: Look): string {
  const lines = [...above(ancestors, ancestorsLeftOut)];
  const depth = lines.length;
  const indent = depth === 0 ? '' : `${'   '.repeat(depth - 1)}└─ `;
  const [asked, ...rest] = below(root, indent, '   '.repeat(depth), lines.at(-1)?.process);
  lines.push({ ...asked!, isAsked: depth > 0 }, ...rest);

  return draw(lines, degraded, look);
}

/** Everybody, below those that stand below nobody. */
export function forestText({ roots, degraded }: ForestAnswer, look: Look): string {
  return draw(
    roots.flatMap((root) => [...below(root, '', '', undefined)]),
    degraded,
    look,
  );
}

function draw(lines: readonly Line[], degraded: readonly string[], look: Look): string {
  const { paint } = look;
  const paragraphs = [
    table(lines, COLUMNS, look, (text, { process, isAsked }) => {
      if (process === undefined) return text;
      return isAsked === true ? paint('bold', text) : emphasize(text, process, paint);
    }),
    ...degraded.map((reason) => wrap(`! ${printable(reason)}`, 2, look.width)),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function* above(ancestors: GraphAnswer['ancestors'], leftOut: number): Generator<Line> {
  if (leftOut > 0) yield { drawn: `${leftOut} more above`, workload: '' };
  const offset = leftOut > 0 ? 1 : 0;
  let parent: ProcessTold | undefined;
  for (const [index, process] of ancestors.toReversed().entries()) {
    const depth = index + offset;
    const indent = depth === 0 ? '' : `${'   '.repeat(depth - 1)}└─ `;
    const ended = process.hasEnded ? ' (ended)' : '';
    yield { drawn: `${indent}${nameOf(process)}${ended}`, process, workload: newWorkload(process, parent) };
    parent = process;
  }
}

/** `first` stands before its own name, `rest` before all that is drawn below. */
function* below(node: GraphTold, first: string, rest: string, parent: ProcessTold | undefined): Generator<Line> {
  const { children, leftOut, subtree } = node;
  yield { drawn: `${first}${nameOf(node)}`, process: node, subtree, workload: newWorkload(node, parent) };

  for (const [index, child] of children.entries()) {
    const isLast = index === children.length - 1 && leftOut.children === 0;
    yield* below(child, `${rest}${isLast ? '└─ ' : '├─ '}`, `${rest}${isLast ? '   ' : '│  '}`, node);
  }
  if (leftOut.children > 0) yield { drawn: `${rest}└─ ${moreOf(leftOut)}`, workload: '' };
}

function moreOf({ children, processes }: GraphTold['leftOut']): string {
  return children === processes ? `${children} more` : `${children} more, ${processes} with all below`;
}

function newWorkload(process: ProcessTold, parent: ProcessTold | undefined): string {
  const name = workloadOf(process);
  return parent !== undefined && workloadOf(parent) === name ? '' : name;
}
