import { runAlone } from "../web/run-alone.ts";
import { modelRegistryService } from "./model-registry-service.ts";

await runAlone(modelRegistryService);
