-- Value policies as dated data; the score itself is computed on read.
CREATE TABLE value_policy (
    value_policy_id uuid PRIMARY KEY,
    version         integer NOT NULL CONSTRAINT value_policy_version_unique UNIQUE,
    status          text NOT NULL CONSTRAINT value_policy_status_known CHECK (status IN ('active', 'retired')),
    rules           jsonb NOT NULL,
    created_at      timestamptz NOT NULL
);
CREATE UNIQUE INDEX value_policy_one_active ON value_policy ((true)) WHERE status = 'active';
