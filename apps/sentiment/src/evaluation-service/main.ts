import { runAlone } from "../web/run-alone.ts";
import { evaluationService } from "./evaluation-service.ts";

await runAlone(evaluationService);
