/** A page that says of each requirement what does it and what shows it. */
export interface RequirementsPage {
  readonly path: string;
  readonly text: string;
}

export interface RequirementProblem {
  readonly path: string;
  readonly problem: string;
}

export interface Repository {
  exists(path: string): boolean;
  read(path: string): string;
}

/** `| S-1 | what | where | shown by |`; the letter is the application's, an X before the number makes it a decision. */
const ROW = /^\| ([A-Z]-X?\d+) \| (.+) \| (.+) \| (.+) \|$/gm;
/** What stands in backticks and is a path: it has a slash and an ending. */
const PATH = /`([\w.@-]+(?:\/[\w.@-]+)+\.\w+)`/g;
/** `` `path` "name of a test" ``, with more names after it. */
const TESTS = /`([\w.@/-]+\.(?:test\.ts|py))`((?: "[^"]+",?)+)/g;

/**
 * Rows that name a file that is not there, or a test that its file does not have; ids that are missing or there twice. Paths are given from the root or from
 * `home`, the folder of what the page is about.
 */
export function requirementProblems(
  { path, text }: RequirementsPage,
  home: string,
  repository: Repository,
): RequirementProblem[] {
  const rows = [...text.matchAll(ROW)].map(([, id = "", , where = "", shown = ""]) => ({ id, where, shown }));
  const problem = (what: string) => ({ path, problem: what });
  const place = (named: string) => [named, `${home}/${named}`].find((each) => repository.exists(each));
  const absent = rows.flatMap(({ id, where, shown }) =>
    [...`${where} ${shown}`.matchAll(PATH)]
      .filter(([, named = ""]) => place(named) === undefined)
      .map(([, named]) => problem(`${id} names \`${named}\`, which is not there`)),
  );
  const untested = rows.flatMap(({ id, shown }) =>
    [...shown.matchAll(TESTS)].flatMap(([, named = "", names = ""]) => {
      const file = place(named);
      const content = file === undefined ? "" : repository.read(file);
      return [...names.matchAll(/"([^"]+)"/g)]
        .filter(([, name = ""]) => file !== undefined && !content.includes(name))
        .map(([, name]) => problem(`${id} names the test "${name}", which ${named} does not have`));
    }),
  );
  return [...idProblems(rows.map(({ id }) => id)).map(problem), ...absent, ...untested];
}

/** Ids are counted from 1 without a gap, the items and the decisions each. */
function idProblems(ids: readonly string[]): string[] {
  const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`);
  const prefixes = new Set(ids.map((id) => id.replace(/\d+$/, "")));
  const gaps = [...prefixes].flatMap((prefix) => {
    const numbers = ids
      .map((id) => new RegExp(`^${prefix}(\\d+)$`).exec(id)?.[1])
      .filter((number) => number !== undefined);
    return Array.from({ length: Math.max(0, ...numbers.map(Number)) }, (_, index) => `${prefix}${index + 1}`)
      .filter((id) => !ids.includes(id))
      .map((id) => `${id} is missing`);
  });
  return [...twice, ...gaps];
}
