/** Whether every word of `filter` is in one of the texts, whatever its capitals. */
export function matches(filter: string, texts: readonly string[]): boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const whole = texts.join('\n').toLowerCase();
  return words.every((word) => whole.includes(word));
}
