-- Who was answered with what belongs to a client, by which operation: one row an answer about one client, written in batches
-- beside the requests. Not of the trail of effects (audit_entry), which commits with what it tells of.
CREATE TABLE client_read (
    client_id      uuid NOT NULL,
    client_read_id uuid NOT NULL,
    read_at        timestamptz NOT NULL,
    actor          text NOT NULL,
    address        text,
    request_id     text NOT NULL,
    operation      text NOT NULL,
    CONSTRAINT client_read_pkey PRIMARY KEY (client_id, client_read_id)
);
CREATE INDEX client_read_newest ON client_read (client_read_id);
CREATE INDEX client_read_actor ON client_read (actor, client_read_id);
CREATE INDEX client_read_age ON client_read USING brin (read_at);

-- Three years, as a firm may change it; the nightly purge follows.
INSERT INTO setting (key, value, created_at) VALUES ('client_reads.keep_days', '1095', now());
