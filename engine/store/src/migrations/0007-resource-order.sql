-- Listings by LastModifiedTime and by status, in SageMaker's orders and filters: without these, 300,000 rows are read and sorted for each page.
create index resource_updated on resource (account_id, region, type, updated_at, id);
create index resource_by_status on resource (account_id, region, type, status, id);
