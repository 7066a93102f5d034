import type { FastifyInstance, FastifyReply } from 'fastify';
import { noSuchRoute } from '../admission.ts';
import { sendProblem } from '../problem.ts';
import { pathOf } from '../refusal-handlers.ts';
import { pagePolicy } from '../security-headers.ts';
import { expectPlainFile, isPlainFile, pageRoot } from './page-folder.ts';
import { readSmallFile } from './small-file.ts';

/** As the build calls its scripts and style sheets: with a hash of the content, so that a name stands for one content for ever. */
const assetName = /^\w[\w-]*(?:\.[\w-]+)+$/;
const route = { config: { scope: 'public' }, schema: { hide: true } } as const;

/**
 * The dashboard's files, from `folder`: `/`, `/icon.svg` and `/assets/`. For everybody, since who is not logged in has to be able to log in; they are the same on every server. The folder is looked
 * at with each request, so that a page that is built anew is there at once.
 */
export async function addPageRoutes(app: FastifyInstance, folder: string): Promise<void> {
  // Loaded only where there is a page. Its own routes take whatever lies in a folder; ours name what there is.
  const { default: files } = await import('@fastify/static');
  await app.register(files, { serve: false, preCompressed: true });

  app.get('/', route, async (request, reply) => {
    const page = await readSmallFile(folder, 'index.html');
    if (page === undefined) return pageMissing(reply);
    reply.headers({ 'content-security-policy': pagePolicy, 'content-type': 'text/html; charset=utf-8' });
    return sendSmall(reply, page, request.headers['if-none-match']);
  });

  app.get('/icon.svg', route, async (request, reply) => {
    const icon = await readSmallFile(folder, 'icon.svg');
    if (icon === undefined) return noSuchRoute(reply, '/icon.svg');
    return sendSmall(reply.header('content-type', 'image/svg+xml'), icon, request.headers['if-none-match']);
  });

  app.get<{ Params: { name: string } }>('/assets/:name', route, async (request, reply) => {
    const { name } = request.params;
    const root = assetName.test(name) ? await pageRoot(folder) : undefined;
    if (root === undefined || !(await isPlainFile(root, `assets/${name}`))) {
      return noSuchRoute(reply, pathOf(request.url));
    }
    // Conditions on what a file was before mean nothing where names stand for contents, and would be answered with a page of the library's own.
    delete request.raw.headers['if-match'];
    delete request.raw.headers['if-unmodified-since'];
    return reply.sendFile(`assets/${name}`, root, {
      acceptRanges: false,
      lastModified: false,
      immutable: true,
      maxAge: '365d',
      // It may be a compressed form of the one that was looked at.
      onFile: (path: string) => expectPlainFile(root, path),
    });
  });
}

/** What keeps its name when its content changes: kept by the browser, and asked for again each time. */
function sendSmall(
  reply: FastifyReply,
  { content, tag }: { readonly content: Buffer; readonly tag: string },
  known: string | undefined,
): FastifyReply {
  reply.headers({ 'cache-control': 'no-cache', etag: tag });
  const isKnown = known !== undefined && known.split(',').some((one) => one.trim().replace(/^W\//, '') === tag);
  return isKnown ? reply.removeHeader('content-type').code(304).send() : reply.send(content);
}

function pageMissing(reply: FastifyReply): FastifyReply {
  return sendProblem(
    reply,
    'page-missing',
    'The page of this server is not built: npm run build:web makes it, and no restart is needed. The API is there; GET /api/v1/openapi.json describes it.',
  );
}
