-- Changes that wait for a second person. What is to be changed is sealed: with the client's key where it is a client's, so
-- that erasing the key erases it, else with the house's.
CREATE TABLE pending_change (
    pending_change_id uuid PRIMARY KEY,
    kind              text NOT NULL,
    subject_id        uuid NOT NULL,
    client_id         uuid,
    row_version       bigint NOT NULL, -- of the subject when the change was proposed
    payload           bytea NOT NULL,
    status            text NOT NULL DEFAULT 'pending' CONSTRAINT pending_change_status_known
                      CHECK (status IN ('pending', 'approved', 'rejected', 'withdrawn', 'expired', 'stale')),
    maker             text NOT NULL,
    checker           text,
    comment           text CONSTRAINT pending_change_comment_bounds CHECK (comment ~ '\S' AND char_length(comment) <= 1000),
    reason            text CONSTRAINT pending_change_reason_bounds CHECK (reason ~ '\S' AND char_length(reason) <= 1000),
    created_at        timestamptz NOT NULL,
    expires_at        timestamptz NOT NULL,
    decided_at        timestamptz,
    CONSTRAINT pending_change_two_people CHECK (checker <> maker),
    -- Machines propose; people decide.
    CONSTRAINT pending_change_checker_is_a_person CHECK (checker LIKE 'staff:%'),
    CONSTRAINT pending_change_checker_complete CHECK (status NOT IN ('approved', 'rejected') OR checker IS NOT NULL),
    CONSTRAINT pending_change_decided_complete CHECK ((status = 'pending') = (decided_at IS NULL)),
    CONSTRAINT pending_change_reason_complete CHECK ((status = 'rejected') = (reason IS NOT NULL)),
    CONSTRAINT pending_change_expires_later CHECK (expires_at > created_at)
);
-- One thing waits for one change of a kind at a time.
CREATE UNIQUE INDEX pending_change_one_open ON pending_change (kind, subject_id) WHERE status = 'pending';
CREATE INDEX pending_change_by_status ON pending_change (status, pending_change_id);
CREATE INDEX pending_change_by_client ON pending_change (client_id, pending_change_id) WHERE client_id IS NOT NULL;
CREATE INDEX pending_change_due ON pending_change (expires_at) WHERE status = 'pending';
