import type { SqlConnection } from "../sql.ts";
import { NUMBERS_OF_USER } from "./dataset-record-pages.ts";
import type { AnnouncedRecords } from "./put-dataset-records.ts";

/**
 * Deletes up to `limit` records of a user and tells of it; how many went. Records of his sessions that have no user go first: they are found by those that have.
 */
export async function deleteUserRecords(
  { sql, announcement }: AnnouncedRecords,
  { groupId, userId, limit }: { readonly groupId: number; readonly userId: string; readonly limit: number },
): Promise<number> {
  return await sql.transaction(async (transaction) => {
    const rows = await transaction.query(
      `delete from dataset_record where group_id = $1 and number in (
         select found.number from (${NUMBERS_OF_USER}) as found
         join dataset_record as record on record.group_id = $1 and record.number = found.number
         order by record.user_id is not null, found.number limit $3
       ) returning number`,
      [groupId, userId, limit],
    );
    await announcement.announce(transaction, { groupId, deletedUser: userId });
    return rows.length;
  });
}

/** Deletes up to `limit` records of a dataset; how many went. */
export async function deleteDatasetRecords(
  connection: SqlConnection,
  { groupId, dataset, limit }: { readonly groupId: number; readonly dataset: string; readonly limit: number },
): Promise<number> {
  const rows = await connection.query(
    `delete from dataset_record where group_id = $1 and number in (
       select number from dataset_record where group_id = $1 and dataset = $2 order by number limit $3
     ) returning number`,
    [groupId, dataset, limit],
  );
  return rows.length;
}
