import { runAlone } from "../web/run-alone.ts";
import { modelInitService } from "./model-init-service.ts";

await runAlone(modelInitService);
