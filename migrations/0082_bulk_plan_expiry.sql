-- A plan that nobody commits expires, and its items go with it: they say what clients were when it was made.
ALTER TABLE bulk_plan
    ADD COLUMN expires_at timestamptz,
    DROP CONSTRAINT bulk_plan_status_known,
    DROP CONSTRAINT bulk_plan_committed_complete,
    ADD CONSTRAINT bulk_plan_status_known
        CHECK (status IN ('draft', 'committing', 'committed', 'undoing', 'undone', 'expired')),
    ADD CONSTRAINT bulk_plan_committed_complete
        CHECK ((status IN ('draft', 'committing', 'expired')) = (committed_at IS NULL));
UPDATE bulk_plan SET expires_at = created_at + interval '14 days';
ALTER TABLE bulk_plan ALTER COLUMN expires_at SET NOT NULL;
CREATE INDEX bulk_plan_waiting ON bulk_plan (expires_at) WHERE status = 'draft';
