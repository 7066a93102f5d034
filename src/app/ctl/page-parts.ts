import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CodedError } from '../../core/coded-error.ts';
import { pageFolder } from '../page-folder.ts';
import type { PageParts } from './page-document.ts';

/** The dashboard's script and style sheet, from the files that the build has made. Throws CodedError `page-missing`. */
export async function pageParts(folder = pageFolder): Promise<PageParts> {
  try {
    const index = await readFile(join(folder, 'index.html'), 'utf8');
    const [, script = ''] = /src="\.\/(assets\/[\w.-]+\.js)"/.exec(index) ?? [];
    const [, style = ''] = /href="\.\/(assets\/[\w.-]+\.css)"/.exec(index) ?? [];
    return {
      script: await readFile(join(folder, script), 'utf8'),
      style: await readFile(join(folder, style), 'utf8'),
    };
  } catch (cause) {
    throw new CodedError(
      'page-missing',
      `The dashboard is not built: ${folder} has not all of its files; run npm run build:web, or install the package again.`,
      { cause },
    );
  }
}
