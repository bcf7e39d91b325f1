export {
  sendWithClient,
  type WalkAnswer,
  type WalkStep,
  type WrongInput,
  walkOperations,
  wrongInputs,
} from "./operation-walk.ts";
export { plausibleInput } from "./plausible-input.ts";
export { presignedUrl, signedHeaders, type UnsignedRequest } from "./signed-request.ts";
export { clientConfig, startWire, type TestWire, testCredential } from "./start-wire.ts";
