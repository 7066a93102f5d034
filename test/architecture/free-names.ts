import { SyntaxKind, type Identifier } from 'typescript/unstable/ast';
import {
  isBindingElement,
  isIdentifier,
  isPropertyAccessExpression,
  isQualifiedName,
} from 'typescript/unstable/ast/is';
import { nodesOf, type ParsedSource } from './parsed-source.ts';

/**
 * Identifiers that stand for a variable or a type, and not for a member of something: `console` in `console.log`, not in
 * `sink.console` or `{ console: 1 }`. Names that the source itself declares are not told apart, since it should not borrow these.
 */
export function freeNames({ tree }: ParsedSource): readonly Identifier[] {
  return [...nodesOf(tree)].filter(isIdentifier).filter((name) => !isMemberName(name));
}

function isMemberName(name: Identifier): boolean {
  const { parent } = name;
  if (isPropertyAccessExpression(parent)) return parent.name === name;
  if (isQualifiedName(parent)) return parent.right === name;
  if (isBindingElement(parent)) return parent.propertyName === name;
  return members.has(parent.kind) && 'name' in parent && parent.name === name;
}

const members: ReadonlySet<SyntaxKind> = new Set([
  SyntaxKind.PropertyAssignment,
  SyntaxKind.PropertyDeclaration,
  SyntaxKind.PropertySignature,
  SyntaxKind.MethodDeclaration,
  SyntaxKind.MethodSignature,
  SyntaxKind.GetAccessor,
  SyntaxKind.SetAccessor,
  SyntaxKind.NamedTupleMember,
]);
