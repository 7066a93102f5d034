/** Names and values, in the order in which they are written. A value that is empty is the same to Prometheus as no label. */
export type Labels = readonly (readonly [name: string, value: string])[];

const special = /[\\"\n]/g;
const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };

/** `name="value",name="value"`, as it stands between the braces of a sample; names are right as they are. */
export function labelText(labels: Labels): string {
  let text = '';
  for (const [name, value] of labels) {
    text += `${text === '' ? '' : ','}${name}="${value.replace(special, (character) => escapes[character] ?? character)}"`;
  }
  return text;
}
