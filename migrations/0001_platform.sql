-- The machine room: settings that must never change silently, client data keys, audit trail, outbox,
-- kept answers for retried requests, and jobs. All of it local to one database; none of it knows the business.
CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE setting (
    key        text PRIMARY KEY,
    value      text NOT NULL,
    created_at timestamptz NOT NULL
);

-- One data key a client, wrapped by the master key. Destroying the row erases every value sealed with it.
CREATE TABLE data_key (
    client_id          uuid PRIMARY KEY,
    wrapped_key        bytea NOT NULL,
    master_key_version smallint NOT NULL,
    created_at         timestamptz NOT NULL
);

CREATE TABLE audit_entry (
    audit_entry_id uuid PRIMARY KEY,
    occurred_at    timestamptz NOT NULL,
    actor          text NOT NULL,
    request_id     text NOT NULL,
    action         text NOT NULL,
    subject_kind   text NOT NULL,
    subject_id     uuid,
    client_id      uuid,
    purpose        text,
    detail         jsonb NOT NULL
);
CREATE INDEX audit_entry_client ON audit_entry (client_id, audit_entry_id) WHERE client_id IS NOT NULL;

-- `position` is given by the relay in commit order; readers never see an event without one.
CREATE TABLE outbox_event (
    outbox_event_id uuid PRIMARY KEY,
    position        bigint,
    transaction_id  xid8 NOT NULL DEFAULT pg_current_xact_id(),
    occurred_at     timestamptz NOT NULL,
    kind            text NOT NULL,
    subject_kind    text NOT NULL,
    subject_id      uuid,
    client_id       uuid,
    data            jsonb NOT NULL,
    CONSTRAINT outbox_event_position_unique UNIQUE (position)
);
CREATE INDEX outbox_event_unpositioned ON outbox_event (transaction_id, outbox_event_id) WHERE position IS NULL;

CREATE TABLE idempotency_record (
    caller          text NOT NULL,
    idempotency_key text NOT NULL,
    request_hash    bytea NOT NULL,
    client_id       uuid,
    answer          bytea NOT NULL, -- status, headers and body, sealed
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (caller, idempotency_key)
);
CREATE INDEX idempotency_record_age ON idempotency_record (created_at);

CREATE TABLE job (
    job_id       uuid PRIMARY KEY,
    kind         text NOT NULL,
    payload      jsonb NOT NULL,
    state        text NOT NULL DEFAULT 'queued'
                 CONSTRAINT job_state_known CHECK (state IN ('queued', 'running', 'succeeded', 'failed')),
    attempts     integer NOT NULL DEFAULT 0,
    max_attempts integer NOT NULL,
    run_at       timestamptz NOT NULL,
    lease_token  uuid,
    leased_until timestamptz,
    progress     jsonb NOT NULL DEFAULT '{}',
    result       jsonb,
    error_code   text,
    requested_by text NOT NULL,
    branch_id    uuid,
    created_at   timestamptz NOT NULL,
    started_at   timestamptz,
    finished_at  timestamptz,
    CONSTRAINT job_lease_complete CHECK ((lease_token IS NULL) = (leased_until IS NULL))
);
CREATE INDEX job_due ON job (run_at, job_id) WHERE state IN ('queued', 'running');
