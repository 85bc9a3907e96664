/** Selectors by the variables of a dashboard. Where a label is absent, `.*` matches it too. */
export const HOST = 'instance=~"$instance"';
export const OF_WORKLOAD = `${HOST},k8s_namespace_name=~"$namespace",workload=~"$workload"`;
const RANGE = '[$__rate_interval]';

/** A second's share of a counter. */
export function rate(metric: string, matchers: string): string {
  return `rate(${metric}{${matchers}}${RANGE})`;
}

export function sumRate(by: string, metric: string, matchers: string): string {
  return `sum by (${by}) (${rate(metric, matchers)})`;
}

export function top(count: number, expr: string): string {
  return `topk(${count}, ${expr})`;
}
