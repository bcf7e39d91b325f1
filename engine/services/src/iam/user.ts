import type { GetUserRequest, GetUserResponse } from "@aws-sdk/client-iam";
import type { Caller } from "@rondo/wire";
import { noSuchEntity, userId } from "./iam-resource.ts";

/** GetUser of the caller: Rondo has no users beside the owners of its key pairs. */
export async function getUser(input: GetUserRequest, caller: Caller): Promise<GetUserResponse> {
  const own = caller.arn.split("/").at(-1) ?? "";
  const isUser = /^arn:aws[\w-]*:iam::\d{12}:(user\/.+|root)$/.test(caller.arn);
  if (!isUser || (input.UserName !== undefined && input.UserName !== own))
    throw noSuchEntity(`The user with name ${input.UserName ?? own} cannot be found.`);
  return {
    User: {
      Path: "/",
      UserName: own.startsWith("arn:") ? "root" : own,
      UserId: own.startsWith("arn:") ? caller.accountId : userId(caller.arn),
      Arn: caller.arn,
      // When the key pair's owner came to be is not recorded; the member is required, so it is the beginning of time.
      CreateDate: new Date(0),
    },
  };
}
