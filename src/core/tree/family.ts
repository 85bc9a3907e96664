import type { Node } from './node.ts';

/** The parent, if it is still remembered. */
export function parentOf(node: Node): Node | undefined {
  const { parent } = node;
  return parent?.is(node.parentPid, node.parentStartedNs) ? parent : undefined;
}

/** `parent` begat `child`; the child is listed while both live. */
export function adopt(parent: Node, child: Node): void {
  child.parent = parent;
  child.isLinked = true;
  child.previousSibling = undefined;
  child.nextSibling = parent.firstChild;
  if (parent.firstChild !== undefined) parent.firstChild.previousSibling = child;
  parent.firstChild = child;
}

/** Not listed as a child any more; it still knows its parent. */
export function unlist(child: Node): void {
  if (!child.isLinked) return;

  const { parent, previousSibling, nextSibling } = child;
  if (previousSibling !== undefined) previousSibling.nextSibling = nextSibling;
  else if (parent !== undefined) parent.firstChild = nextSibling;
  if (nextSibling !== undefined) nextSibling.previousSibling = previousSibling;
  child.isLinked = false;
  child.previousSibling = undefined;
  child.nextSibling = undefined;
}

/** The node is about to be forgotten: its children keep the identity of their parent, not the object. */
export function orphan(parent: Node): void {
  let child = parent.firstChild;
  while (child !== undefined) {
    const next: Node | undefined = child.nextSibling;
    child.isLinked = false;
    child.parent = undefined;
    child.previousSibling = undefined;
    child.nextSibling = undefined;
    child = next;
  }
  parent.firstChild = undefined;
}
