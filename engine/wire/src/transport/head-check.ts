import { awsError } from "../error.ts";
import type { WireLimits } from "../limits.ts";
import type { RequestHead } from "../request-head.ts";

/** Refuses heads that node lets through: more header lines than any client sends, and over HTTP/2 methods that are no words (`constructor`). */
export function checkHead({ method, rawHeaders }: RequestHead, { headerCount }: Pick<WireLimits, "headerCount">): void {
  if (!/^[A-Z]{1,20}$/.test(method))
    throw awsError("MethodNotAllowed", "The method of the request is not one of HTTP's.", { status: 405 });
  if (rawHeaders.length > 2 * headerCount)
    throw awsError("RequestHeaderSectionTooLarge", `The request has more than ${headerCount} header lines.`, {
      status: 431,
    });
}
