/** How yargs reads words and flags: as they are written, and of a flag that is there twice the last one. */
export const parserConfiguration = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'duplicate-arguments-array': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
} as const;
