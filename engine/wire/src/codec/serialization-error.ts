import { type AwsError, awsError } from "../error.ts";

/** The body or a parameter is not of the type that the shape says: AWS refuses it before it looks at constraints. */
export function serializationError(message: string): AwsError {
  return awsError("SerializationException", message, { status: 400 });
}

/** AWS's wording: `STRING_VALUE can not be converted to an Integer`. */
export function wrongType(value: unknown, wanted: string): AwsError {
  if (typeof value === "object" && value !== null) {
    return serializationError(
      Array.isArray(value)
        ? "Start of list found where not expected"
        : "Start of structure or map found where not expected.",
    );
  }
  const token =
    value === true
      ? "TRUE_VALUE"
      : value === false
        ? "FALSE_VALUE"
        : typeof value === "number"
          ? "NUMBER_VALUE"
          : "STRING_VALUE";
  return serializationError(`${token} can not be converted to ${wanted}`);
}
