/**
 * Which lines are shown, as the address has it: `series=cpu_temp,disk` shows only these, `series=-temp:celsius:nvme%2FComposite` all but that one. A word is a line's key or the beginning of
 * it, up to a colon.
 */
export interface ChosenLines {
  readonly only: readonly string[];
  readonly off: readonly string[];
}

export function chosenLinesOf(query: URLSearchParams): ChosenLines {
  const words = (query.get('series') ?? '').split(',').filter((word) => word !== '');
  const off = words.filter((word) => word.startsWith('-')).map((word) => unescaped(word.slice(1)));
  return { only: words.filter((word) => !word.startsWith('-')).map(unescaped), off };
}

/** The member of the address; empty where all are shown. */
export function wordsOfChosen({ only, off }: ChosenLines): string {
  return [...only.map(escaped), ...off.map((key) => `-${escaped(key)}`)].join(',');
}

export function isShown(key: string, { only, off }: ChosenLines): boolean {
  return (only.length === 0 || only.some((word) => names(word, key))) && !off.includes(key);
}

/** Whether the line has a chart at all: one that was switched off keeps its place in the legend. */
export function isChosen(key: string, { only }: ChosenLines): boolean {
  return only.length === 0 || only.some((word) => names(word, key));
}

export function switched(key: string, { only, off }: ChosenLines): ChosenLines {
  return { only, off: off.includes(key) ? off.filter((other) => other !== key) : [...off, key] };
}

function names(word: string, key: string): boolean {
  return key === word || key.startsWith(`${word}:`);
}

/** An id may have a comma in it. */
function escaped(key: string): string {
  return key.replaceAll('%', '%25').replaceAll(',', '%2C');
}

function unescaped(word: string): string {
  return word.replaceAll('%2C', ',').replaceAll('%25', '%');
}
