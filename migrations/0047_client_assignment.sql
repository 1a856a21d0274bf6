-- Branch and advisor of a client as periods [from, to): who a client belonged to on any day. `client.branch_id` and
-- `client.advisor_id` are what holds now, for lists and scope; both are written together. The first period has no beginning:
-- the record knows of nobody before. A correction never rewrites: what was recorded is superseded, and rows are added.
CREATE TABLE client_assignment (
    client_id            uuid NOT NULL CONSTRAINT client_assignment_client_exists REFERENCES client,
    client_assignment_id uuid NOT NULL,
    branch_id            uuid NOT NULL CONSTRAINT client_assignment_branch_exists REFERENCES branch,
    advisor_id           uuid CONSTRAINT client_assignment_advisor_exists REFERENCES staff,
    valid_during         tstzrange NOT NULL,
    recorded_at          timestamptz NOT NULL,
    recorded_by          text NOT NULL,
    superseded_at        timestamptz,
    PRIMARY KEY (client_id, client_assignment_id),
    CONSTRAINT client_assignment_no_overlap
        EXCLUDE USING gist (client_id WITH =, valid_during WITH &&) WHERE (superseded_at IS NULL),
    CONSTRAINT client_assignment_period_not_empty CHECK (NOT isempty(valid_during))
);
CREATE INDEX client_assignment_by_branch ON client_assignment (branch_id, client_id) WHERE superseded_at IS NULL;
CREATE INDEX client_assignment_by_advisor ON client_assignment (advisor_id, client_id) WHERE superseded_at IS NULL;

-- Where everybody is now is where the record has them from the beginning.
INSERT INTO client_assignment (client_id, client_assignment_id, branch_id, advisor_id, valid_during, recorded_at, recorded_by)
SELECT client_id, client_id, branch_id, advisor_id, tstzrange(NULL, NULL), created_at, 'system:migration' FROM client;
