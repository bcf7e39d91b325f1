export { clientConfig, startWire, type TestWire, testCredential } from "./start-wire.ts";
