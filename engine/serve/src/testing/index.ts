export { type CampaignHouse, campaignArn, campaignOwner, eventually, openCampaignHouse } from "./campaign-house.ts";
export { COUNTING_IMAGE_URI, countingImage, findCountingImage } from "./counting-image.ts";
export { countingModel, memoryObjects } from "./memory-objects.ts";
export { seededRandom } from "./seeded-random.ts";
export { temporaryDirectory } from "./temporary-directory.ts";
