-- Decisions about clients, kept when their result changes: what was concluded and why, from which inputs, by which policy or
-- model. `json`, not `jsonb`: a replay is compared byte by byte with what was written.
CREATE TABLE decision (
    client_id   uuid NOT NULL CONSTRAINT decision_client_exists REFERENCES client,
    decision_id uuid NOT NULL,
    kind        text NOT NULL CONSTRAINT decision_kind_form CHECK (kind ~ '^[a-z][a-z0-9_]{0,39}$'),
    result      json NOT NULL,
    reasons     json NOT NULL,
    basis       json NOT NULL,
    as_of       date NOT NULL,
    inputs      json NOT NULL,
    decided_at  timestamptz NOT NULL,
    PRIMARY KEY (client_id, decision_id)
);
CREATE INDEX decision_by_kind ON decision (client_id, kind, decision_id DESC);
