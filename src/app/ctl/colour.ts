/** Parameters of the terminal's "select graphic rendition", ECMA-48 section 8.3.117. */
const renditions = { red: '31', yellow: '33', green: '32', dim: '2', bold: '1' } as const;

export type Colour = keyof typeof renditions;
export type Paint = (colour: Colour, text: string) => string;

export function painter(colours: boolean): Paint {
  return (colour, text) => (colours ? `\u001B[${renditions[colour]}m${text}\u001B[0m` : text);
}
