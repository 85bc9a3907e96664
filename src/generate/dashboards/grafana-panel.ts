import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  type DataSourceRef,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  FieldColorBuilder,
  FieldColorModeId,
  type Panel,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimelineBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { PanelSpec } from './panel.ts';

/** Whichever the reader chose. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana.
export const DATASOURCE: DataSourceRef = { type: 'prometheus', uid: '${datasource}' };

const HEIGHT = 8;

/** Every panel has all of these. */
type AnyBuilder = StatBuilder | TimelineBuilder | TableBuilder | LinesBuilder;

export function grafanaPanel(spec: PanelSpec): Builder<Panel> {
  const panel = viewOf(spec)
    .title(spec.title)
    .description(spec.description)
    .datasource(DATASOURCE)
    .span(spec.width)
    .height(spec.height ?? HEIGHT)
    .unit(spec.unit)
    .thresholds(thresholdsOf(spec));
  if (spec.min !== undefined) panel.min(spec.min);
  if (spec.max !== undefined) panel.max(spec.max);
  const isInstant = spec.view === 'table' || spec.view === 'matrix';
  for (const [index, { expr, legend }] of spec.queries.entries()) {
    const query = new DataqueryBuilder()
      .expr(expr)
      .legendFormat(legend)
      .refId(String.fromCharCode(65 + index));
    panel.withTarget(isInstant ? query.instant().format(PromQueryFormat.Table) : query.range());
  }
  return panel;
}

function viewOf(spec: PanelSpec): AnyBuilder {
  switch (spec.view) {
    case 'lines':
    case 'areas':
      return lines(spec);
    case 'stat':
      return new StatBuilder().colorMode(BigValueColorMode.Value).graphMode(BigValueGraphMode.Area);
    case 'timeline':
      return new TimelineBuilder().mergeValues(true).legend(new VizLegendOptionsBuilder().showLegend(false));
    case 'table':
      return table(spec);
    case 'matrix':
      return matrix(spec);
  }
}

function lines({ view, thresholds }: PanelSpec): LinesBuilder {
  const panel = new LinesBuilder()
    .showPoints(VisibilityMode.Never)
    .lineWidth(1)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(['lastNotNull', 'max']),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending))
    .colorScheme(new FieldColorBuilder().mode(FieldColorModeId.PaletteClassicByName));
  if (view === 'areas')
    return panel.fillOpacity(30).stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (thresholds !== undefined)
    panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  return panel.fillOpacity(5);
}

/** Only the columns that were asked for, by the names that people know. */
function table({ columns = {} }: PanelSpec): TableBuilder {
  const names = Object.keys(columns);
  const panel = new TableBuilder()
    .filterable(true)
    .withTransformation({ id: 'filterFieldsByName', options: { include: { names } } })
    .withTransformation({
      id: 'organize',
      options: { renameByName: columns, indexByName: Object.fromEntries(names.map((name, index) => [name, index])) },
    });
  return coloured(panel, columns.Value ?? 'Value');
}

function matrix({ rows = '', columns = {} }: PanelSpec): TableBuilder {
  const [columnField = ''] = Object.keys(columns);
  return coloured(
    new TableBuilder().withTransformation({
      id: 'groupingToMatrix',
      options: { columnField, rowField: rows, valueField: 'Value', emptyValue: 'null' },
    }),
    `/^(?!${rows})/`,
  );
}

/** The cells of these columns have the colour of their threshold. */
function coloured(panel: TableBuilder, columns: string): TableBuilder {
  const properties = [{ id: 'custom.cellOptions', value: { type: 'color-background', mode: 'basic' } }];
  return columns.startsWith('/')
    ? panel.overrideByRegexp(columns, properties)
    : panel.overrideByName(columns, properties);
}

function thresholdsOf({ thresholds }: PanelSpec): ThresholdsConfigBuilder {
  const steps = [
    { value: null, color: 'green' },
    ...(thresholds === undefined
      ? []
      : [
          { value: thresholds.amber, color: 'orange' },
          { value: thresholds.red, color: 'red' },
        ]),
  ];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}
