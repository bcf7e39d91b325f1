import { openContext } from "../application-context.ts";
import { readSettings } from "../settings.ts";
import { createInfrastructure } from "./create-infrastructure.ts";

using context = openContext(readSettings(process.env));
const infrastructure = await createInfrastructure(context);
process.stdout.write(`${JSON.stringify(infrastructure, null, 2)}\n`);
