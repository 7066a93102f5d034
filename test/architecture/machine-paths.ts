import type { Texts } from './checkout.ts';

/** Places in texts that mean something on one machine only. `checkout` is where this one's files are. */
export function machinePathFaults(texts: Texts, checkout: string): readonly string[] {
  return [...texts].flatMap(([path, text]) =>
    text.split('\n').flatMap((line, index) => {
      const found = line.includes(checkout) ? checkout : machinePath.exec(line)?.[0];
      return found === undefined ? [] : [`${path}:${index + 1}: names ${found}, which other machines do not have`];
    }),
  );
}

/**
 * Homes of people other than Ada, who lives in examples, and a folder beside the checkout. Joined from pieces, so that this file
 * does not name them itself.
 */
const machinePath = new RegExp(
  [
    String.raw`(?<![\w./~$}-])\/(?:home|Users)\/(?!ada\b)[A-Za-z][\w.-]*`,
    String.raw`(?<![\w./~$}-])\/(?:root|work)\/[\w.-]+`,
    String.raw`[A-Z]:\\{1,2}Users\\`,
    String.raw`\.\.\/shared\b`,
  ].join('|'),
);
