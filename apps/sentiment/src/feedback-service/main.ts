import { runAlone } from "../web/run-alone.ts";
import { feedbackService } from "./feedback-service.ts";

await runAlone(feedbackService);
