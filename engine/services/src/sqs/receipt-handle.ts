import { awsError } from "@rondo/wire";

/** Which message was received, and by whom last. */
export interface Receipt {
  readonly id: number;
  readonly receipt: string;
}

export function writeReceiptHandle({ id, receipt }: Receipt): string {
  return Buffer.from(`${id} ${receipt}`).toString("base64url");
}

/** Throws ReceiptHandleIsInvalid for what `writeReceiptHandle` did not write. */
export function readReceiptHandle(handle = ""): Receipt {
  const [, id, receipt] = /^(\d{1,15}) ([0-9a-f-]{36})$/.exec(Buffer.from(handle, "base64url").toString()) ?? [];
  if (id === undefined || receipt === undefined)
    throw awsError(
      "ReceiptHandleIsInvalid",
      `The input receipt handle "${handle.slice(0, 100)}" is not a valid receipt handle.`,
    );
  return { id: Number(id), receipt };
}
