/** A UUID as this application writes it: lower case. */
export const UUID_SCHEMA = { type: "string", pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$" } as const;

/** The parameters of a route with `:id`. */
export const ID_PARAMETERS = { type: "object", required: ["id"], properties: { id: UUID_SCHEMA } } as const;
