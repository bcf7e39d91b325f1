import { resolve } from "node:path";
import type { CliCommand } from "../command.ts";
import { readCredentialsFile } from "../credentials-file.ts";
import { DEFAULT_REGION } from "../open-session.ts";

/** A value that a POSIX shell takes as one word. */
function shellQuoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** Shows how to reach the local server with any AWS client. */
export const credentialsCommand: CliCommand = {
  name: "credentials",
  summary: "Show the settings with which AWS clients reach the server; --export prints them for a shell",
  options: [{ flags: "--export", description: "print export lines, the secret key among them" }],
  examples: ['eval "$(npx rondo credentials --export)" && aws s3 ls', "rondo credentials"],
  async run({ home, endpointUrl, environment, options, output }) {
    const credentials = await readCredentialsFile(home);
    const region = environment.AWS_REGION ?? environment.AWS_DEFAULT_REGION ?? DEFAULT_REGION;
    if (options.export === true) {
      const variables = {
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        ...(credentials.sessionToken !== undefined && { AWS_SESSION_TOKEN: credentials.sessionToken }),
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_ENDPOINT_URL: endpointUrl,
      };
      const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${shellQuoted(value)}`);
      output.result(variables, lines.join("\n"));
      return;
    }
    const file = resolve(credentials.path);
    output.result(
      { accessKeyId: credentials.accessKeyId, file, endpointUrl, region },
      [
        `Access key  ${credentials.accessKeyId}`,
        `File        ${file} (AWS_SHARED_CREDENTIALS_FILE)`,
        `Endpoint    ${endpointUrl} (AWS_ENDPOINT_URL)`,
        `Region      ${region} (AWS_REGION)`,
        "",
        'For this shell: eval "$(npx rondo credentials --export)"',
      ].join("\n"),
    );
  },
};
