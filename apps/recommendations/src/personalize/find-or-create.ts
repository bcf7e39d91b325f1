/** The ARN of the first of the listed that is meant; made when none is. One process does this at a time, as the step of a run. */
export async function findOrCreate<Page, Item>(options: {
  readonly pages: AsyncIterable<Page>;
  readonly items: (page: Page) => readonly Item[] | undefined;
  readonly isMeant: (item: Item) => boolean;
  readonly arn: (item: Item) => string | undefined;
  readonly create: () => Promise<string | undefined>;
}): Promise<string> {
  for await (const page of options.pages) {
    const arn = options.items(page)?.find(options.isMeant);
    const found = arn === undefined ? undefined : options.arn(arn);
    if (found !== undefined) return found;
  }
  const created = await options.create();
  if (created === undefined) throw new Error("Personalize answered a creation without an ARN.");
  return created;
}
