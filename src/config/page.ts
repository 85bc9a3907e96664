import { describeExpected } from './expectation.ts';
import { GroupRule } from './group-rule.ts';
import { isFileOnly, KEYS, type KeySchema } from './keys.ts';
import { OTEL_VARIABLES } from './otel-environment.ts';

/** The tables of the configuration page, as Markdown. */
export function configPage(): string {
  const keys = KEYS.map((key) => {
    const outside = isFileOnly(key) ? ['', ''] : [code(`--${key.flag}`), code(key.variable)];
    return [
      code(key.name),
      code(JSON.stringify(key.schema.default)),
      describeExpected(key.schema),
      ...outside,
      key.schema.description,
    ];
  });
  const rules = Object.entries(GroupRule.properties).map(([name, schema]) => {
    const { description = '', ...rest }: KeySchema = schema;
    return [code(name), describeExpected(rest), description];
  });

  return [
    table(['key', 'default', 'value', 'flag', 'environment', 'meaning'], keys),
    table(['key of a rule in `groups`', 'value', 'meaning'], rules),
    table(
      ['OpenTelemetry variable', 'fills'],
      OTEL_VARIABLES.map(([variable, key]) => [code(variable), code(key)]),
    ),
  ].join('\n\n');
}

function table(heads: readonly string[], rows: readonly (readonly (string | undefined)[])[]): string {
  const line = (cells: readonly (string | undefined)[]): string =>
    `| ${cells.map((cell = '') => cell.replaceAll('|', '\\|')).join(' | ')} |`;

  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}
