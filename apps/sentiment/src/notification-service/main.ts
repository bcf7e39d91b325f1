import { runAlone } from "../web/run-alone.ts";
import { notificationService } from "./notification-service.ts";

await runAlone(notificationService);
