import { SyntaxKind, type Node } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isIdentifier,
  isImportDeclaration,
  isInterfaceDeclaration,
  isNewExpression,
  isPropertyAccessExpression,
  isTypeAliasDeclaration,
} from 'typescript/unstable/ast/is';
import { freeNames } from './free-names.ts';
import { importsOf } from './imports.ts';
import { nodesOf, placeOf, type ParsedSource } from './parsed-source.ts';

const pureFolders = ['src/core/', 'src/framing/', 'src/session/'];

/** The world, by its global names: clocks, timers, randomness, input and output, and what is not done when a call returns. */
const worldly: ReadonlySet<string> = new Set(
  `process console globalThis global performance crypto fetch setTimeout setInterval setImmediate clearTimeout clearInterval
   clearImmediate queueMicrotask require Promise PromiseLike AbortSignal AbortController WebSocket EventSource EventEmitter
   localStorage sessionStorage navigator`.split(/\s+/),
);

/** The world, behind the name of something that is pure otherwise. */
const worldlyMembers: ReadonlySet<string> = new Set(['Math.random', 'Date.now']);

/** Whatever in a [pure] folder is not: packages, `node:` modules but their types, the clock, timers, randomness, async. */
export function purityFaults(sources: readonly ParsedSource[]): readonly string[] {
  return sources
    .filter(({ path }) => pureFolders.some((folder) => path.startsWith(folder)))
    .flatMap((source) => [impureImports(source), impureNames(source), impureExpressions(source)].flat());
}

function impureImports(source: ParsedSource): readonly string[] {
  return importsOf(source)
    .filter(({ target, specifier, typeOnly }) => target === undefined && !(typeOnly && specifier.startsWith('node:')))
    .map(({ node, specifier }) => `${placeOf(source, node)}: pure code may not import ${specifier}`);
}

function impureNames(source: ParsedSource): readonly string[] {
  return freeNames(source)
    .filter(({ text }) => worldly.has(text))
    .map((name) => `${placeOf(source, name)}: pure code may not use ${name.text}`);
}

function impureExpressions(source: ParsedSource): readonly string[] {
  return [...nodesOf(source.tree)].flatMap((node) => {
    const impure = impureExpression(node);
    return impure === undefined ? [] : [`${placeOf(source, node)}: pure code may not use ${impure}`];
  });
}

/** `core/clock.ts` says what a clock is; each statement of it that does more. */
export function clockFaults(sources: readonly ParsedSource[]): readonly string[] {
  return sources
    .filter(({ path }) => path === 'src/core/clock.ts')
    .flatMap((source) =>
      source.tree.statements
        .filter((node) => !isInterfaceDeclaration(node) && !isTypeAliasDeclaration(node) && !isImportDeclaration(node))
        .map((node) => `${placeOf(source, node)}: core/clock.ts only declares`),
    );
}

function impureExpression(node: Node): string | undefined {
  if (node.kind === SyntaxKind.AsyncKeyword) return 'async';
  if (node.kind === SyntaxKind.AwaitKeyword || node.kind === SyntaxKind.AwaitExpression) return 'await';
  if (isPropertyAccessExpression(node) && isIdentifier(node.expression)) {
    const member = `${node.expression.text}.${node.name.text}`;
    return worldlyMembers.has(member) ? member : undefined;
  }
  if (isNewExpression(node) && isDate(node.expression) && (node.arguments ?? []).length === 0) return 'new Date()';
  if (isCallExpression(node) && isDate(node.expression)) return 'Date()';
  return undefined;
}

function isDate(node: Node): boolean {
  return isIdentifier(node) && node.text === 'Date';
}
