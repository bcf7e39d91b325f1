/** AWS's registry accounts of BlazingText by region (aws/sagemaker-python-sdk, `image_uri_config/blazingtext.json`). */
const BLAZINGTEXT_ACCOUNTS: Readonly<Record<string, string>> = {
  "af-south-1": "455444449433",
  "ap-east-1": "286214385809",
  "ap-northeast-1": "501404015308",
  "ap-northeast-2": "306986355934",
  "ap-northeast-3": "364406365360",
  "ap-south-1": "991648021394",
  "ap-southeast-1": "475088953585",
  "ap-southeast-2": "544295431143",
  "ca-central-1": "469771592824",
  "cn-north-1": "390948362332",
  "cn-northwest-1": "387376663083",
  "eu-central-1": "813361260812",
  "eu-north-1": "669576153137",
  "eu-south-1": "257386234256",
  "eu-west-1": "685385470294",
  "eu-west-2": "644912444149",
  "eu-west-3": "749696950732",
  "me-south-1": "249704162688",
  "sa-east-1": "855470959533",
  "us-east-1": "811284229777",
  "us-east-2": "825641698319",
  "us-gov-west-1": "226302683700",
  "us-iso-east-1": "490574956308",
  "us-west-1": "632365934929",
  "us-west-2": "433757028032",
};

const BUILT_IN_IMAGES = {
  blazingtext: { repository: "blazingtext", version: "1", accounts: BLAZINGTEXT_ACCOUNTS },
} as const;

/** An algorithm whose image `imageUri` knows. */
export type BuiltInAlgorithm = keyof typeof BUILT_IN_IMAGES;

/** DNS suffixes of AWS's partitions other than the commercial one. */
function dnsSuffix(region: string): string {
  if (region.startsWith("cn-")) return "amazonaws.com.cn";
  return region.startsWith("us-iso-") ? "c2s.ic.gov" : "amazonaws.com";
}

/**
 * The URI of a built-in algorithm's image in the region's registry of AWS. Rondo recognises it by repository and tag, so the same URI
 * trains here and there.
 *
 * @example
 * ```ts
 * import { imageUri } from "@rondo/sdk";
 * const image: string = imageUri("blazingtext", "us-east-1"); // 811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1
 * ```
 * @throws Error for a region in which no registry is known.
 */
export function imageUri(algorithm: BuiltInAlgorithm, region: string): string {
  const { repository, version, accounts } = BUILT_IN_IMAGES[algorithm];
  const account = accounts[region];
  if (account === undefined) {
    throw new Error(
      `No registry of AWS is known for ${algorithm} in ${region}. Known regions: ${Object.keys(accounts).join(", ")}.`,
    );
  }
  return `${account}.dkr.ecr.${region}.${dnsSuffix(region)}/${repository}:${version}`;
}
