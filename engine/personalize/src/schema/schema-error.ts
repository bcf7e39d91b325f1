/** Why a schema is refused: names the field, what it has and what it needs. InvalidInputException to those who call CreateSchema. */
export class SchemaError extends Error {
  override readonly name = "SchemaError";
}
