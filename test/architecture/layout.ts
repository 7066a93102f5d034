import type { Texts } from './checkout.ts';

const linesMax = 250;

/** Sources that are longer than a file with one idea is. */
export function lengthFaults(sources: Texts): readonly string[] {
  return [...sources].flatMap(([path, text]) => {
    const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
    return lines > linesMax ? [`${path}: ${lines} lines; ${linesMax} is a wall`] : [];
  });
}

const emptyNames: ReadonlySet<string> = new Set([
  'util',
  'utils',
  'helper',
  'helpers',
  'common',
  'manager',
  'managers',
  'base',
]);

/** Files and folders of code whose name says nothing about their idea. */
export function nameFaults(texts: Texts): readonly string[] {
  return [...texts.keys()]
    .filter((path) => /^(src|test|bench|tools|web)\//.test(path) && !path.startsWith('test/fixtures/'))
    .filter((path) => path.split(/[/.\-_]/).some((word) => emptyNames.has(word.toLowerCase())))
    .map((path) => `${path}: name the idea instead`);
}
