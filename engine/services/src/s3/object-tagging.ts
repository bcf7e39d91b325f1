import type {
  DeleteObjectTaggingRequest,
  GetObjectTaggingOutput,
  GetObjectTaggingRequest,
  PutObjectTaggingRequest,
} from "@aws-sdk/client-s3";
import type { Objects } from "@rondo/store";
import type { Caller } from "@rondo/wire";
import { objectOf, refuseUnsupported } from "./object-members.ts";
import { MAX_OBJECT_TAGS, readTagSet, writeTagSet } from "./tag-set.ts";

/** PutObjectTagging, GetObjectTagging and DeleteObjectTagging. */
export function createObjectTaggingOperations({ objects }: { readonly objects: Objects }) {
  return {
    async putObjectTagging(input: PutObjectTaggingRequest, caller: Caller): Promise<object> {
      refuseUnsupported(input);
      const object = objectOf(input, caller);
      await objects.putTags(object, object.key, readTagSet(input.Tagging?.TagSet, MAX_OBJECT_TAGS));
      return {};
    },
    async getObjectTagging(input: GetObjectTaggingRequest, caller: Caller): Promise<GetObjectTaggingOutput> {
      refuseUnsupported(input);
      const object = objectOf(input, caller);
      const { tags } = await objects.head(object, object.key);
      return { TagSet: writeTagSet(tags) };
    },
    async deleteObjectTagging(input: DeleteObjectTaggingRequest, caller: Caller): Promise<object> {
      refuseUnsupported(input);
      const object = objectOf(input, caller);
      await objects.putTags(object, object.key, {});
      return {};
    },
  };
}
