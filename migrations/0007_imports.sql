-- Files taken in: which bytes came from which source, the file while it waits, and the lines refused.
CREATE TABLE import_file (
    source     text NOT NULL,
    kind       text NOT NULL CONSTRAINT import_file_kind_known CHECK (kind IN ('clients', 'trades', 'balances')),
    sha256     bytea NOT NULL,
    bytes      bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (kind, source, sha256)
);
CREATE INDEX import_file_by_content ON import_file (kind, sha256);

-- The body of an upload, sealed with the house's key: it may name people. Deleted when its job has finished.
CREATE TABLE import_chunk (
    job_id   uuid NOT NULL CONSTRAINT import_chunk_job_exists REFERENCES job ON DELETE CASCADE,
    sequence integer NOT NULL,
    sealed   bytea NOT NULL,
    PRIMARY KEY (job_id, sequence)
);

-- What is wrong with refused lines, one row a fault: line, code and field; never the line's content, which is personal data.
CREATE TABLE import_rejection (
    job_id   uuid NOT NULL CONSTRAINT import_rejection_job_exists REFERENCES job ON DELETE CASCADE,
    line_no  bigint NOT NULL,
    fault_no integer NOT NULL, -- of the line, from 1
    code     text NOT NULL,
    pointer  text,
    PRIMARY KEY (job_id, line_no, fault_no)
);
