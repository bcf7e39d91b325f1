/** How PutEvents, PutItems and PutUsers call a column in their properties: ITEM_DESCRIPTION is `itemDescription`. */
export function propertyName(column: string): string {
  return column.toLowerCase().replace(/_+([a-z0-9])/g, (_match, first: string) => first.toUpperCase());
}
