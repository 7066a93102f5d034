/** The member `name` of a library's answer, whatever it is; undefined where there is none. */
export function member(answer: unknown, name: string): unknown {
  if (typeof answer !== 'object' || answer === null) return undefined;
  return Object.getOwnPropertyDescriptor(answer, name)?.value;
}

/** A finite number of a library's answer; undefined for `null`, `NaN`, text, and what is not there. */
export function numberOf(answer: unknown, name: string): number | undefined {
  const value = member(answer, name);
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A text of a library's answer; empty where there is none. */
export function textOf(answer: unknown, name: string): string {
  const value = member(answer, name);
  return typeof value === 'string' ? value : '';
}

/** A list of a library's answer; empty where there is none. */
export function listOf(answer: unknown): readonly unknown[] {
  return Array.isArray(answer) ? answer : [];
}
