import { posix } from "node:path";

export interface PathProblem {
  readonly path: string;
  readonly problem: string;
}

export interface MarkdownPage {
  readonly path: string;
  readonly text: string;
}

/** Whether a file or folder is part of the repository. */
export type Exists = (path: string) => boolean;

/** `[text](target)`, without the fragment; addresses of other hosts are not followed. */
const LINK = /\]\((?![a-z]+:|#)([^)#\s]+)(?:#[^)]*)?\)/g;
/** What stands in backticks; in it each word is looked at, since commands name paths too. */
const CODE = /`([^`\n]+)`/g;
/** `engine/wire/src/shape.ts`, as a reader would open it; a word with a placeholder (<name>, NNNN, *, …) is none. */
const PATH = /^[\w.@-]+(?:\/[\w.@-]+)+\/?$/;
const PLACEHOLDER = /NNNN/;

/** Links of a page to what is not there, and backticked paths under one of the repository's own folders that lead nowhere. */
export function markdownProblems(
  { path, text }: MarkdownPage,
  exists: Exists,
  folders: readonly string[],
): PathProblem[] {
  const here = posix.dirname(path);
  const links = [...text.matchAll(LINK)]
    .map(([, target = ""]) => target)
    .filter((target) => !exists(posix.join(here, target)))
    .map((target) => ({ path, problem: `links to ${target}, which is not there` }));
  const mentions = [...withoutCodeBlocks(text).matchAll(CODE)]
    .flatMap(([, code = ""]) => code.split(/[\s'"]+/))
    .filter((word) => PATH.test(word) && !PLACEHOLDER.test(word) && isOurs(word, here, folders))
    .filter((mention) => !places(mention, here).some(exists))
    .map((mention) => ({ path, problem: `names \`${mention}\`, which is not there` }));
  return [...links, ...mentions];
}

function withoutCodeBlocks(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, "");
}

/** From the root, from the page's folder, and as ARCHITECTURE.md shortens a package's source (`wire/routing/` is `engine/wire/src/routing/`). */
function places(mention: string, here: string): string[] {
  const [room = "", ...rest] = mention.split("/");
  return [
    mention,
    posix.join(here, mention),
    posix.join("engine", room, "src", ...rest),
    posix.join("engine", mention),
  ];
}

function isOurs(mention: string, here: string, folders: readonly string[]): boolean {
  const [room = ""] = mention.split("/");
  return (
    folders.includes(room) || folders.includes(posix.join("engine", room)) || folders.includes(posix.join(here, room))
  );
}
