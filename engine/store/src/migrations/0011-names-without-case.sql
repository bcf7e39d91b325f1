-- SageMaker keeps the case of a name and compares names without it: its ARNs are lower-cased, and people cut names out of ARNs.
create unique index resource_name_without_case on resource (account_id, region, type, lower(name)) where type like 'sagemaker/%';
