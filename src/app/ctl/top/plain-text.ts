/** What somebody else wrote, as text that only stands where it is put: controls of a terminal, of lines and of the reading direction are blanks. */
export function plainText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ');
}
