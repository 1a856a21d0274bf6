-- Policies of every kind in one table: drafted, approved by another person, ruling over a period that no other version of
-- the kind shares. The versions known so far move here with their ids; the first of each kind has ruled since ever, so that
-- whatever is computed for an earlier day finds the rules it was computed with. Views keep the old names readable.
CREATE TABLE policy (
    policy_id    uuid PRIMARY KEY,
    kind         text NOT NULL CONSTRAINT policy_kind_form CHECK (kind ~ '^[a-z][a-z0-9_]{0,39}$'),
    version      integer NOT NULL CONSTRAINT policy_version_positive CHECK (version >= 1),
    status       text NOT NULL CONSTRAINT policy_status_known
                 CHECK (status IN ('draft', 'submitted', 'approved', 'active', 'retired')),
    rules        jsonb NOT NULL,
    note         text CONSTRAINT policy_note_bounds CHECK (note ~ '\S' AND char_length(note) <= 1000),
    effective_on date, -- the trading day asked for; null: as soon as it is approved
    valid_during tstzrange, -- null until approved, and of a version withdrawn before it ruled
    drafted_by   text NOT NULL, -- who last wrote the rules
    submitted_by text,
    approved_by  text,
    row_version  bigint NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    CONSTRAINT policy_version_unique UNIQUE (kind, version),
    CONSTRAINT policy_no_overlap EXCLUDE USING gist (kind WITH =, valid_during WITH &&),
    CONSTRAINT policy_period_not_empty CHECK (NOT isempty(valid_during)),
    CONSTRAINT policy_period_complete CHECK (CASE WHEN status IN ('draft', 'submitted') THEN valid_during IS NULL
        WHEN status IN ('approved', 'active') THEN valid_during IS NOT NULL ELSE TRUE END),
    -- Whoever wrote or submitted the rules does not approve them. Only what the house is born with needs nobody.
    CONSTRAINT policy_another_approves CHECK (approved_by <> drafted_by AND approved_by <> submitted_by),
    CONSTRAINT policy_approval_complete CHECK (CASE WHEN status IN ('draft', 'submitted') THEN approved_by IS NULL
        ELSE (approved_by IS NOT NULL AND submitted_by IS NOT NULL) OR drafted_by LIKE 'system:%' END),
    CONSTRAINT policy_submission_complete CHECK (status <> 'submitted' OR submitted_by IS NOT NULL)
);

INSERT INTO policy (policy_id, kind, version, status, rules, valid_during, drafted_by, created_at, updated_at)
SELECT id, kind, version, status, rules - 'version',
       tstzrange(CASE WHEN row_number() OVER w > 1 THEN created_at END, lead(created_at) OVER w), 'system:setup', created_at, created_at
FROM (SELECT tier_policy_id AS id, 'tier' AS kind, version, status, rules, created_at FROM tier_policy
      UNION ALL SELECT value_policy_id, 'value', version, status, rules, created_at FROM value_policy
      UNION ALL SELECT churn_policy_id, 'churn', version, status, rules, created_at FROM churn_policy) moved
WINDOW w AS (PARTITION BY kind ORDER BY version);

ALTER TABLE tier_assignment DROP CONSTRAINT tier_assignment_policy_exists;
ALTER TABLE tier_assignment ADD CONSTRAINT tier_assignment_policy_exists FOREIGN KEY (tier_policy_id) REFERENCES policy;
DROP TABLE tier_policy, value_policy, churn_policy;

-- Published: versions that rule or ruled, as their slices have always read them.
CREATE VIEW tier_policy AS
SELECT policy_id AS tier_policy_id, version, status, rules, created_at FROM policy
WHERE kind = 'tier' AND status IN ('active', 'retired') AND valid_during IS NOT NULL;
CREATE VIEW value_policy AS
SELECT policy_id AS value_policy_id, version, status, rules, created_at FROM policy
WHERE kind = 'value' AND status IN ('active', 'retired') AND valid_during IS NOT NULL;
