/**
 * A family of samples of Prometheus' text format, version 0.0.4. `untyped`: whether the value only grows is not known. `unit` of measure and `_total` are part of the name, after
 * https://prometheus.io/docs/practices/naming.
 */
export interface MetricFamily {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram' | 'untyped';
  /** One sentence. */
  readonly help: string;
}

export function gauge(name: string, help: string): MetricFamily {
  return { name, type: 'gauge', help };
}

export function counter(name: string, help: string): MetricFamily {
  return { name, type: 'counter', help };
}
