-- Jobs become timers too: a due time is a job row, once while it is open (kind, key), taken by priority and then by time.
-- A job may be called off. `kept`: the purge leaves the row, because what it did is answered for by its id.
ALTER TABLE job
    ADD COLUMN key      text CONSTRAINT job_key_not_blank CHECK (key ~ '\S'),
    ADD COLUMN priority smallint NOT NULL DEFAULT 0,
    ADD COLUMN kept     boolean NOT NULL DEFAULT FALSE;
UPDATE job SET kept = TRUE WHERE kind = 'scoring';

ALTER TABLE job DROP CONSTRAINT job_state_known;
ALTER TABLE job ADD CONSTRAINT job_state_known
    CHECK (state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled'));

CREATE UNIQUE INDEX job_open_once ON job (kind, key) WHERE key IS NOT NULL AND state IN ('queued', 'running');
DROP INDEX job_due;
CREATE INDEX job_due ON job (priority DESC, run_at, job_id) WHERE state IN ('queued', 'running');
CREATE INDEX job_by_requester ON job (requested_by, job_id);
CREATE INDEX job_by_end ON job (finished_at) WHERE finished_at IS NOT NULL;
