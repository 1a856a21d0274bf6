-- The audit trail tells from where a change came and what was there before and after: only the members that changed, sealed
-- with the client's data key, so that erasing the key erases them; of what belongs to no client, with the house's.
ALTER TABLE audit_entry
    ADD COLUMN address text,
    ADD COLUMN change  bytea;
CREATE INDEX audit_entry_actor ON audit_entry (actor, audit_entry_id);
