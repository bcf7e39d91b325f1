/** The date of a time in ISO form, as rows keep it. */
export function toDate(time: string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
