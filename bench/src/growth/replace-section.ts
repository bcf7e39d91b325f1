/** The page with other text between `<!-- name -->` and `<!-- /name -->`. Throws when it has no such section. */
export function replaceSection(page: string, name: string, text: string): string {
  const opening = `<!-- ${name} -->`;
  const start = page.indexOf(opening);
  const end = page.indexOf(`<!-- /${name} -->`, start);
  if (start < 0 || end < 0) throw new Error(`The page has no section ${opening} … <!-- /${name} -->.`);
  return `${page.slice(0, start + opening.length)}\n${text.trim()}\n${page.slice(end)}`;
}
