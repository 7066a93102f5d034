import { createHash } from 'node:crypto';
import type { PageSnapshot } from '../../api/page-snapshot.ts';

/** The dashboard's script and style sheet, as text. */
export interface PageParts {
  readonly script: string;
  readonly style: string;
}

/**
 * One HTML document with all that the dashboard needs to show `snapshot`: nothing is loaded, and its policy lets nothing be. Names that units chose are in it
 * as JSON only, in which no `<` can end the element.
 */
export function pageDocument({ script, style }: PageParts, snapshot: PageSnapshot): string {
  // Inside a script only these two begin anything that HTML would see; in JavaScript the escapes mean the same, as
  // long as they are in a string or a regular expression: a build writes neither of the two elsewhere. A style sheet has strings, too.
  const code = script.replaceAll(/<\/(?=script)/gi, String.raw`<\/`).replaceAll('<!--', String.raw`\x3c!--`);
  const look = style.replaceAll(/<\/(?=style)/gi, String.raw`<\/`);
  const data = JSON.stringify(snapshot).replaceAll('<', String.raw`\u003c`);
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(code)}'`,
    `style-src '${hashOf(look)}'`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>telemetry-hub</title>
<style>${look}</style>
</head>
<body>
<div id="app"></div>
<noscript>This page draws charts, and needs JavaScript for it.</noscript>
<script type="application/json" id="snapshot">${data}</script>
<script type="module">${code}</script>
</body>
</html>
`;
}

/** As a content security policy names what it lets through. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
