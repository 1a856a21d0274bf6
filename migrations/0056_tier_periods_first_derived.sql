-- A book that has tiers from before gets its periods by a job right after the start: only the rules can derive them. Until
-- it has come to a client, new balances and trades of that client derive its periods as well.
INSERT INTO job (job_id, kind, payload, max_attempts, run_at, requested_by, created_at)
SELECT gen_random_uuid(), 'tiers.derive', '{}', 10, now(), 'migration', now() WHERE EXISTS (SELECT FROM tier_assignment);
