/** The shortest password that the server takes: docs/security.md. */
export const passwordCharactersMin = 12;

/** Why this can be no password; the server has the last word. */
export function passwordFault(password: string): string | undefined {
  const characters = Array.from(password).length;
  return characters < passwordCharactersMin
    ? `It has ${characters} characters; at least ${passwordCharactersMin} are needed. A few words are easy to keep in mind.`
    : undefined;
}

/** What is wrong with a password that is typed twice, by the fields `password` and `again`. */
export function twiceFaults(password: string, again: string): Readonly<Record<string, string>> {
  const fault = passwordFault(password);
  if (fault !== undefined) return { password: fault };
  return password === again ? {} : { again: 'This is not what was typed above.' };
}
