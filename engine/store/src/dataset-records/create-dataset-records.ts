import { createAnnouncement } from "../announcement.ts";
import { createGroupWork } from "../objects/group-work.ts";
import type { Sql } from "../sql.ts";
import {
  countDatasetRecords,
  listDatasetRecords,
  listUserRecords,
  newestDatasetRecord,
} from "./dataset-record-pages.ts";
import type { DatasetRecordNews, DatasetRecords } from "./dataset-records.ts";
import { deleteDatasetRecords, deleteUserRecords } from "./delete-dataset-records.ts";
import { type DatasetRecordPut, type PutOutcome, putDatasetRecords } from "./put-dataset-records.ts";

/** Puts that share one commit. While one waits for the disk, the next is sent and waits for the first one's lock in PostgreSQL. */
const GROUP_PUTS = 256;
const GROUPS = 2;

/** The records in PostgreSQL: puts share commits, since each costs a write to the disk. */
export function createDatasetRecords({ sql }: { readonly sql: Sql }): DatasetRecords {
  const announcement = createAnnouncement<DatasetRecordNews>(sql, "dataset_record");
  const putInGroup = createGroupWork<DatasetRecordPut, PutOutcome>({
    concurrency: GROUPS,
    maxItems: GROUP_PUTS,
    run: (puts) => putDatasetRecords({ sql, announcement }, puts),
  });
  return {
    async put(groupId, records) {
      const outcome = await putInGroup({ groupId, records });
      if ("error" in outcome) throw outcome.error;
      return outcome.newest;
    },
    listAfter: (query) => listDatasetRecords(sql, query),
    newest: (groupId) => newestDatasetRecord(sql, groupId),
    listOfUser: (query) => listUserRecords(sql, query),
    count: (groupId) => countDatasetRecords(sql, groupId),
    deleteUser: (query) => deleteUserRecords({ sql, announcement }, query),
    deleteDataset: (query) => deleteDatasetRecords(sql, query),
    listen: (listener) => announcement.listen(listener),
  };
}
