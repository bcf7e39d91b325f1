/** Names that say nothing about what is inside: a thing lives with the noun that it owns (CONTRIBUTING.md, "Where does it live?"). */
const forbidden = new Set([
  "utils",
  "util",
  "helpers",
  "helper",
  "common",
  "shared",
  "misc",
  "manager",
  "base",
  "stuff",
  "lib",
]);

/** Texts that belong to somebody's machine and not to the project. */
const foreignTexts = [/registry\.npmjs\.org/, /pypi\.org/, /\/root\//, /\/home\/\w+\//];

export interface NameProblem {
  readonly path: string;
  readonly problem: string;
}

/** Files and folders whose name is on the list of empty words. */
export function forbiddenNames(paths: readonly string[]): NameProblem[] {
  return paths.flatMap((path) =>
    path
      .split("/")
      .filter((part) => forbidden.has(part.replace(/\..*$/, "").toLowerCase()))
      .map((part) => ({ path, problem: `"${part}" says nothing; name it for what it does` })),
  );
}

/** Lines that name a registry's host or a path of one machine. */
export function foreignMentions(path: string, text: string): NameProblem[] {
  return foreignTexts
    .filter((pattern) => pattern.test(text))
    .map((pattern) => ({ path, problem: `mentions ${pattern.source}, which is not part of the project` }));
}
