import { limits } from './limits.ts';

/** Words that people put on a unit: by name. */
export type Tags = Readonly<Record<string, string>>;

const { tagsMax, tagNameCharactersMax, tagValueCharactersMax } = limits;
const nameForm = /^[a-z][a-z0-9_.-]*$/;
const controlCharacter = /\p{Cc}/u;

/** What is wrong with them, and what may be; undefined where nothing is. */
export function whyBadTags(tags: Tags): string | undefined {
  const entries = Object.entries(tags);
  if (entries.length > tagsMax) return `${entries.length} tags are more than the ${tagsMax} that a unit may have`;
  for (const [name, value] of entries) {
    const reason = whyBadTag(name, value);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** For people: `place=roof, rack=7`. */
export function textOfTags(tags: Tags): string {
  return Object.entries(tags)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}

function whyBadTag(name: string, value: string): string | undefined {
  const shown = JSON.stringify(name.slice(0, tagNameCharactersMax + 1));
  if (name.length > tagNameCharactersMax || !nameForm.test(name)) {
    return `${shown} is no name of a tag: a letter a-z, then letters, digits, and _ . -, at most ${tagNameCharactersMax} characters`;
  }
  if (controlCharacter.test(value)) return `the value of the tag ${name} has control characters`;
  const { length } = value;
  if (length >= 1 && length <= tagValueCharactersMax) return undefined;
  return `the value of the tag ${name} is ${length} characters long; 1 to ${tagValueCharactersMax} are possible`;
}
