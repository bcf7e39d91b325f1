import type { GetObjectAttributesOutput, GetObjectAttributesRequest } from "@aws-sdk/client-s3";
import type { ObjectInfo, Objects } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { checksumMember, checksumMembers } from "./checksum-members.ts";
import { pageSize } from "./listing.ts";
import { objectOf, refuseUnsupported } from "./object-members.ts";

/** GetObjectAttributes. */
export function createObjectAttributesOperations({ objects }: { readonly objects: Objects }) {
  return {
    async getObjectAttributes(input: GetObjectAttributesRequest, caller: Caller): Promise<GetObjectAttributesOutput> {
      refuseUnsupported(input);
      const object = objectOf(input, caller);
      const info = await objects.head(object, object.key);
      const wanted = new Set(input.ObjectAttributes);
      return {
        LastModified: info.lastModified,
        ETag: wanted.has("ETag") ? info.etag.slice(1, -1) : undefined,
        Checksum: wanted.has("Checksum") && info.checksum ? checksumMembers(info) : undefined,
        ObjectParts: wanted.has("ObjectParts") ? describeParts(info, input) : undefined,
        StorageClass: wanted.has("StorageClass") ? "STANDARD" : undefined,
        ObjectSize: wanted.has("ObjectSize") ? info.size : undefined,
      };
    },
  };
}

function describeParts(
  { parts, checksum }: ObjectInfo,
  input: GetObjectAttributesRequest,
): GetObjectAttributesOutput["ObjectParts"] {
  if (parts === undefined) return undefined;
  const limit = pageSize(input.MaxParts, "max-parts");
  const after = Number(input.PartNumberMarker ?? 0);
  const rest = parts.filter(({ number }) => number > after);
  const page = rest.slice(0, limit);
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: String(after),
    NextPartNumberMarker: String(page.at(-1)?.number ?? 0),
    MaxParts: limit,
    IsTruncated: rest.length > limit,
    Parts: page.map(({ number, size, checksum: value }) => ({
      PartNumber: number,
      Size: size,
      ...(checksum && value && checksumMember({ algorithm: checksum.algorithm, value })),
    })),
  };
}
