import type { Clock } from "../clock.ts";
import type { Credential, CredentialStore } from "../credential.ts";
import type { RequestHead } from "../request-head.ts";
import type { Caller } from "../service.ts";
import { AuthenticationFailure } from "./authentication-failure.ts";
import type { SignatureClaim, SigV4Claim } from "./claim.ts";
import { createSigningKeys, type SigningKey, sameSignature, sha256 } from "./signing-key.ts";
import { verifySigV2 } from "./sigv2.ts";
import { checkTerms, claimedPayloadHash, verifySignature } from "./verify-signature.ts";

/** A request whose signature is right. Its body is not verified yet where `payloadHash` says what it must be. */
export interface Authenticated {
  readonly caller: Caller;
  /** A hash in hexadecimal, `UNSIGNED-PAYLOAD`, or one of the `STREAMING-…` forms. */
  readonly payloadHash: string;
  /** What the signatures of the chunks go on from; absent for SigV2. */
  readonly seed?: { readonly claim: SigV4Claim; readonly key: SigningKey };
}

export interface AuthenticateOptions {
  readonly credentials: CredentialStore;
  readonly clock: Clock;
}

export interface SignedRequest {
  readonly head: RequestHead;
  readonly claim: SignatureClaim;
  /** The bucket of a host-style S3 request. */
  readonly bucket?: string | undefined;
  /** The body, where it is needed to verify the signature (`needsBody`) or at hand anyway: it is then verified at once. */
  readonly body?: Buffer | undefined;
}

/** Whether the signature can only be verified once the whole body is there, because its hash was not sent. */
export function needsBody(head: RequestHead, claim: SignatureClaim): boolean {
  return claim.kind !== "sigv2" && claimedPayloadHash(head, claim) === undefined;
}

/**
 * Verifies who signed a request. The answer is a promise only when the credential store's is. Throws AuthenticationFailure. `admit` says no to
 * what cannot become right any more, before a body is read into memory for its sake.
 */
export function createAuthenticator({ credentials, clock }: AuthenticateOptions) {
  const keys = createSigningKeys();

  function verify({ head, claim, body, bucket }: SignedRequest, found: Credential | undefined): Authenticated {
    const now = clock.now().getTime();
    const credential = usableCredential(found, claim, now);
    const { accessKeyId, accountId, arn } = credential;
    if (claim.kind === "sigv2") {
      verifySigV2(head, claim, { credential, now, bucket });
      return { caller: { accountId, region: "us-east-1", accessKeyId, arn }, payloadHash: "UNSIGNED-PAYLOAD" };
    }
    const claimed = claimedPayloadHash(head, claim);
    const computed =
      body !== undefined && claimed !== "UNSIGNED-PAYLOAD" && !claimed?.startsWith("STREAMING-")
        ? sha256(body)
        : undefined;
    const payloadHash = claimed ?? computed;
    if (payloadHash === undefined) throw new Error("The body is needed to verify this signature");
    const { key } = verifySignature(head, claim, { credential, keys, now, payloadHash });
    if (computed !== undefined && computed !== payloadHash) throw new AuthenticationFailure("tampered-body");
    return { caller: { accountId, region: claim.scope.region, accessKeyId, arn }, payloadHash, seed: { claim, key } };
  }

  return {
    authenticate(request: SignedRequest): Authenticated | Promise<Authenticated> {
      const found = credentials.find(request.claim.accessKeyId);
      return found instanceof Promise
        ? found.then((credential) => verify(request, credential))
        : verify(request, found);
    },
    async admit({ head, claim }: Pick<SignedRequest, "head" | "claim">): Promise<void> {
      const now = clock.now().getTime();
      usableCredential(await credentials.find(claim.accessKeyId), claim, now);
      if (claim.kind !== "sigv2") checkTerms(head, claim, now);
    },
  };
}

export type Authenticator = ReturnType<typeof createAuthenticator>;

function usableCredential(credential: Credential | undefined, claim: SignatureClaim, now: number): Credential {
  if (credential === undefined) throw new AuthenticationFailure("unknown-key");
  if (!sameToken(credential.sessionToken, claim.sessionToken)) throw new AuthenticationFailure("wrong-token");
  if (credential.expiresAt !== undefined && credential.expiresAt.getTime() <= now)
    throw new AuthenticationFailure("expired-token");
  return credential;
}

/** A long-lived key has no token; a temporary one must come with exactly its own. */
function sameToken(expected: string | undefined, given: string | undefined): boolean {
  return expected === undefined || given === undefined ? expected === given : sameSignature(expected, given);
}
