import { ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import type { Session } from "@rondo/sdk";

/** Where the uses of a hold-out are counted: one object each. */
export interface HoldOutUses {
  readonly bucket: string;
  /** `hold-out/<hash>/uses/` */
  readonly prefix: string;
}

/** Nobody uses a hold-out that often before it is worn out (Dwork et al., "The reusable holdout", Science 349, 2015). */
const MOST_USES = 1_000;

/**
 * Notes that an evaluation uses the hold-out and returns how many have, this one included; a repetition of the same evaluation counts once. A hold-out wears
 * out: each time a model is chosen by it, it becomes a little less unseen.
 */
export async function countHoldOutUse(
  { s3 }: Pick<Session, "s3">,
  { bucket, prefix }: HoldOutUses,
  evaluation: string,
): Promise<number> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}${evaluation}`, Body: "" }));
  const { KeyCount = 1 } = await s3.send(
    new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, MaxKeys: MOST_USES }),
  );
  return KeyCount;
}
