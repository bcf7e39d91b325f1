import { runAlone } from "../web/run-alone.ts";
import { retrainingService } from "./retraining-service.ts";

await runAlone(retrainingService);
