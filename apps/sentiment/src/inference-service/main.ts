import { runAlone } from "../web/run-alone.ts";
import { inferenceService } from "./inference-service.ts";

await runAlone(inferenceService);
